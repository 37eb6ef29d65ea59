//! Tests of the lifecycle as a whole: its table, whole journeys, every refusal, and random histories.

mod agreements;
mod clocks;
mod colleagues;
mod corrections;
mod edges;
mod histories;
mod journeys;
mod kit;
mod queue;
mod recipients;
mod refusals;
mod table;
