//! What becomes of the program when its database is lost: on servers that each test starts for itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disk;
mod full;
mod kills;
mod locks;
mod network;
mod passwords;
mod program;
mod proxy;
mod refusals;
mod replica;
mod server;
mod several;
mod starting;
mod stopping;
mod tls;
mod written;

use std::{any::type_name, time::Duration};

use libtest_mimic::{Arguments, Trial};
use tokio::{
    runtime::Runtime,
    time::{Instant, sleep},
};

use self::{disk::Disk, server::Kind};

fn main() {
    let mut arguments = Arguments::from_args();
    // They wait more than they work.
    arguments.test_threads.get_or_insert(4);
    let of_disks = [
        // First, because it takes a minute.
        on(
            Kind::MariaDb,
            full::a_binary_log_without_room_keeps_nobody_waiting_for_longer_than_a_request_may_take,
        ),
        on(Kind::Postgres, full::a_full_disk_refuses_what_needs_room_and_halves_nothing),
        on(Kind::MariaDb, full::a_full_disk_refuses_what_needs_room_and_halves_nothing),
        on(Kind::Postgres, full::a_write_ahead_log_without_room_loses_and_halves_nothing),
        on(Kind::MariaDb, full::a_disk_without_room_for_temporary_files_refuses_what_needs_them),
        trial("sqlite", full::a_full_disk_refuses_what_needs_room_on_sqlite),
    ];
    let has_disk = Disk::is_permitted();
    let of_disks = of_disks.map(|trial| if has_disk { trial } else { trial.with_ignored_flag(true) });
    let trials = [
        on_both(stopping::requests_fail_in_time_while_the_database_is_stopped_and_succeed_once_it_is_back),
        on_both(stopping::requests_fail_in_time_while_the_database_is_killed_and_succeed_once_it_is_back),
        on_both(network::a_slow_database_is_waited_for_as_long_as_a_request_may_take),
        on_both(network::a_statement_whose_connection_is_cut_leaves_nothing),
        on_both(network::a_commit_whose_answer_is_lost_is_told_apart_and_kept_once),
        on_both(network::a_commit_that_is_never_answered_is_told_apart_in_time),
        on_both(network::a_database_that_says_nothing_is_left_for_one_that_answers),
        on_both(locks::what_another_application_locks_is_a_conflict_until_it_lets_go),
        on_both(locks::a_statement_that_takes_too_long_is_stopped),
        on_both(refusals::a_database_that_is_read_only_still_answers_queries),
        on_both(refusals::a_database_without_a_free_connection_is_overloaded),
        on_both(kills::nothing_acknowledged_is_lost_or_halved_when_the_program_is_killed),
        on_both(kills::nothing_acknowledged_is_lost_or_halved_when_the_database_is_killed),
        on_both(several::two_programs_on_one_database_keep_every_rule),
        on_both(several::a_key_that_many_send_at_once_is_performed_once),
        on_both(starting::ten_programs_start_at_once_on_an_empty_database),
        on_both(starting::a_migration_that_was_killed_is_undone_or_reported),
        on_both(tls::a_program_trusts_over_tls_whom_it_is_told_to),
        on_both(tls::a_statement_that_is_given_up_over_tls_costs_no_connection),
        on_both(tls::a_database_that_says_nothing_over_tls_costs_no_connection),
        on_both(passwords::no_password_is_in_the_log_or_in_an_error),
    ];
    let mut trials: Vec<Trial> = of_disks.into_iter().chain(trials.into_iter().flatten()).collect();
    trials.push(on(Kind::Postgres, replica::either_of_primary_and_replica_goes_on_without_the_other));
    trials.push(on(Kind::Postgres, replica::a_query_that_the_replica_cancels_is_run_again));
    libtest_mimic::run(&arguments, trials).exit();
}

fn on_both<T, F>(test: T) -> [Trial; 2]
where
    T: Fn(Kind) -> F + Copy + Send + 'static,
    F: Future<Output = ()>,
{
    [Kind::Postgres, Kind::MariaDb].map(|kind| on(kind, test))
}

/// The test of that kind of server, named as its function is; ignored where the server is not installed.
fn on<T, F>(kind: Kind, test: T) -> Trial
where
    T: Fn(Kind) -> F + Send + 'static,
    F: Future<Output = ()>,
{
    let name = type_name::<T>();
    named(name, kind.name(), move || test(kind)).with_ignored_flag(!kind.is_installed())
}

/// The test named as its function is.
fn trial<T, F>(kind: &str, test: T) -> Trial
where
    T: Fn() -> F + Send + 'static,
    F: Future<Output = ()>,
{
    named(type_name::<T>(), kind, test)
}

fn named<F: Future<Output = ()>>(name: &str, kind: &str, test: impl Fn() -> F + Send + 'static) -> Trial {
    let run = move || {
        Runtime::new()?.block_on(test());
        Ok(())
    };
    Trial::test(name.trim_start_matches("outages::"), run).with_kind(kind)
}

/// Waits until it is so, and fails where that takes longer.
async fn until(what: &str, patience: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < patience, "waited {patience:?} until {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
