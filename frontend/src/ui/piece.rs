//! One type for every view, so that the program does not carry code for each shape of the screen (docs/adr/0006-panel-size.md).
//!
//! A typed view brings code to carry it around, to build it, and to change one into another of its shape. Here everything that
//! changes does so through signals inside a view, or takes the place of another view as a whole; so a view is built where it is
//! written, and all that is kept of it is its element and the effects in it.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::html::{ElementType, HtmlElement};
use leptos::prelude::View;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use send_wrapper::SendWrapper;

/// A view whose shape is forgotten: it is built where it is written. The wrapper keeps it on the browser's one thread.
pub struct Piece(SendWrapper<OnScreen>);

/// Builds one element and forgets its shape; what the `piece!` macro calls.
pub(super) fn piece<E, A, C>(view: View<HtmlElement<E, A, C>>) -> Piece
where
    E: ElementType,
    A: Attribute,
    C: Render,
    A::State: 'static,
    C::State: 'static,
{
    let state = view.into_inner().build();
    let element = Element::clone(&state);
    Piece(SendWrapper::new(OnScreen::Element { element, _kept: Box::new(state) }))
}

/// Builds several views beside each other, or one that is no element; what the `pieces!` macro calls.
pub(super) fn pieces<V>(view: V) -> Piece
where
    V: Render,
    V::State: 'static,
{
    Piece(SendWrapper::new(OnScreen::Several(Box::new(view.build()))))
}

/// A view of nothing.
pub(super) fn nothing() -> Piece {
    pieces("")
}

/// Forgets which closure handles an event.
pub(super) fn handler<E: 'static>(handle: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handle)
}

/// Forgets the shape of a part, or of an attribute, that is drawn again when its signals change.
pub(super) fn dynamic<T>(draw: impl FnMut() -> T + Send + 'static) -> Box<dyn FnMut() -> T + Send> {
    Box::new(draw)
}

/// What is on the screen.
pub enum OnScreen {
    /// One element, with what keeps it alive.
    Element {
        /// What is to be seen.
        element: Element,
        /// Its effects.
        _kept: Box<dyn Kept>,
    },
    /// Anything else.
    Several(Box<dyn Mountable>),
}

/// The effects that change a view live as long as it is kept.
pub trait Kept {}

impl<T> Kept for T {}

impl Mountable for OnScreen {
    fn unmount(&mut self) {
        match self {
            Self::Element { element, .. } => element.remove(),
            Self::Several(views) => views.unmount(),
        }
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        match self {
            // Fails only where the marker is gone, and with it the place.
            Self::Element { element, .. } => drop(parent.insert_before(element, marker)),
            Self::Several(views) => views.mount(parent, marker),
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self {
            Self::Element { element, .. } => {
                let parent = element.parent_element();
                parent.is_some_and(|parent| child.try_mount(&parent, Some(element)))
            }
            Self::Several(views) => views.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<Element> {
        match self {
            Self::Element { element, .. } => vec![element.clone()],
            Self::Several(views) => views.elements(),
        }
    }
}

impl Render for Piece {
    type State = OnScreen;

    fn build(self) -> OnScreen {
        self.0.take()
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
