//! Where workplaces are: the names of departments, and the communes of Normandie by name, postal code or INSEE code.

mod communes;
mod departments;

pub use communes::{Listed, find_communes, listed};
pub use departments::department;
