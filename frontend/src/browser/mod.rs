//! The page around the panel: clock, chance, language, timers, the shell that boot code left.
//!
//! What belongs here: thin adapters over the browser, none of which decides anything. What does not: fetching (`api`), Zoom.

mod clock;
mod editor;
mod late;
mod locale;
mod page;
mod shell;
mod timer;

pub use clock::{BrowserClock, BrowserIds};
pub use editor::{Editor, caret_of, fetch_editor, mount_editor};
pub use late::fetch_late;
pub use locale::BrowserLocale;
pub use page::{
    chosen_file, copy, copy_rich, element, focus, folded, is_checked, is_right_to_left, is_typing, keep, kept,
    on_document, on_window, set_theme, text_of,
};
pub use shell::{Typed, adopt};
pub use timer::{Timer, every, sleep, soon, spawn};
