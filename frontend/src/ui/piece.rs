//! One type for every view, so that the program does not carry code for each shape of the screen (docs/adr/0005-panel-size.md).
//!
//! A typed view brings code to build it and code to change one into another of its shape. Everything that changes here changes
//! through signals inside a view, or takes the place of another view as a whole; so building is all that is kept.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

/// A view whose shape is forgotten.
pub struct Piece(Box<dyn FnOnce() -> Box<dyn Mountable> + Send>);

/// Forgets the shape of a view; what the `piece!` macro calls.
pub(super) fn piece<V>(view: V) -> Piece
where
    V: Render + Send + 'static,
    V::State: 'static,
{
    Piece(Box::new(move || Box::new(view.build())))
}

/// A view of nothing.
pub(super) fn nothing() -> Piece {
    piece("")
}

/// Forgets the shape of a part that is drawn again when its signals change.
pub(super) fn dynamic<T>(draw: impl FnMut() -> T + Send + 'static) -> Box<dyn FnMut() -> T + Send> {
    Box::new(draw)
}

/// What is on the screen.
pub struct OnScreen(Box<dyn Mountable>);

impl Mountable for OnScreen {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.0.elements()
    }
}

impl Render for Piece {
    type State = OnScreen;

    fn build(self) -> OnScreen {
        OnScreen((self.0)())
    }

    fn rebuild(self, state: &mut OnScreen) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl AddAnyAttr for Piece {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _attribute: A) -> Self {
        self
    }
}

/// The panel is built in the browser alone: there is no HTML to write and none to take over.
impl RenderHtml for Piece {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> OnScreen {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
