//! Rows as sea-orm sees them, one file per table.
//!
//! These files state the columns and nothing else: what a row means is written in the module of its aggregate. They
//! change only together with a migration; a test selects every column of every table on both databases.

pub mod accounts;
pub mod answer_proofs;
pub mod budget_years;
pub mod committee_imports;
pub mod committee_photographs;
pub mod committee_windows;
pub mod counters;
pub mod credentials;
pub mod delegations;
pub mod digest_heads;
pub mod digests;
pub mod documents;
pub mod draft_documents;
pub mod drafts;
pub mod entry_statistics;
pub mod events;
pub mod lot_money;
pub mod message_texts;
pub mod messages;
pub mod need_proposals;
pub mod order_lines;
pub mod password_links;
pub mod paths;
pub mod payment_reminders;
pub mod persons;
pub mod place_alerts;
pub mod place_years;
pub mod purchase_orders;
pub mod reminders;
pub mod saved_views;
pub mod security_log;
pub mod sessions;
pub mod settings;
pub mod sign_in_tries;
pub mod stored_files;
pub mod tasks;
pub mod terms;
pub mod tokens;
pub mod told_news;
pub mod uploads;
