//! Budgets: how many bytes the answer of one request may have, and how much memory all of them may take.
//!
//! While a request is executed its [`Budget`] counts what the rows that it reads and the values that it
//! answers with take, by estimate, and takes that much from the [`MemoryPool`] of all requests. Once
//! the answer is written, [`Budget::settle`] gives back everything but its bytes. Whoever sends them keeps the
//! budget until they are sent.

mod size;

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use size::{deep_size, shallow_size};

/// How many of the largest answers there is memory for.
const LARGEST_AT_ONCE: usize = 16;

/// How many times the bytes of the largest answer the rows and values that one is made of may take.
const MEMORY_OF_ONE: usize = 4;

/// What so little memory is taken for is not counted among all requests.
const FREE: usize = 64 * 1024;

/// Memory is taken from the pool in portions of this size.
const PORTION: usize = 1024;

/// What a row takes besides its texts, in bytes, by estimate.
const ROW: usize = 256;

/// What a value of an answer takes besides its text, in bytes, by estimate.
const VALUE: usize = 96;

/// The memory that all requests share.
#[derive(Clone)]
pub struct MemoryPool {
    max_answer: usize,
    portions: Arc<Semaphore>,
}

impl MemoryPool {
    /// Enough for 16 answers of the largest size.
    pub fn new(max_answer: usize) -> Self {
        let portions = max_answer.saturating_mul(LARGEST_AT_ONCE) / PORTION;
        MemoryPool { max_answer, portions: Arc::new(Semaphore::new(portions.min(Semaphore::MAX_PERMITS))) }
    }

    /// A budget for one request, of which nothing is spent yet.
    pub fn budget(&self) -> Budget {
        Budget(Arc::new(Spending {
            max_answer: self.max_answer,
            answer: AtomicUsize::new(0),
            memory: AtomicUsize::new(0),
            reserved: AtomicUsize::new(FREE),
            reservation: Mutex::new(Reservation { portions: self.portions.clone(), permit: None }),
            refusal: OnceLock::new(),
        }))
    }
}

/// What one request may spend, and has spent so far. Its clones are one budget.
#[derive(Clone)]
pub struct Budget(Arc<Spending>);

struct Spending {
    max_answer: usize,
    /// Bytes of the answer.
    answer: AtomicUsize,
    /// Bytes of memory that rows and values take.
    memory: AtomicUsize,
    /// How much of it there is a reservation for.
    reserved: AtomicUsize,
    reservation: Mutex<Reservation>,
    /// Why the request is refused, if it is: an error that stands below a nullable field would be part of
    /// an answer otherwise.
    refusal: OnceLock<OverBudget>,
}

/// Why a request may not spend any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverBudget {
    /// Its answer is larger than this many bytes.
    #[error(
        "the answer has more than the {0} bytes that --max-answer-bytes allows, select less or ask for smaller pages"
    )]
    Answer(usize),
    /// What its answer is made of is larger than this many bytes.
    #[error(
        "the rows of the answer take more than {0} bytes, four times what --max-answer-bytes allows, ask for smaller pages"
    )]
    Rows(usize),
    /// Other requests have taken all memory that there is.
    #[error("there is no memory for the answer at present")]
    Exhausted,
}

impl Budget {
    /// Begins anew, for a request that is run again.
    pub fn restart(&self) {
        self.0.answer.store(0, Ordering::Relaxed);
        self.0.memory.store(0, Ordering::Relaxed);
    }

    /// Spends memory on a row with texts of so many bytes.
    pub fn spend_row(&self, texts: usize) -> Result<(), OverBudget> {
        self.spend_memory(ROW + texts)
    }

    /// Spends bytes of the answer on the fields of an object, whose own objects have been paid for.
    pub fn spend_object<'a>(
        &self,
        fields: impl Iterator<Item = (&'a str, &'a Value)>,
    ) -> Result<(), OverBudget> {
        let (mut answer, mut memory) = (1, 0);
        for (key, value) in fields {
            let size = shallow_size(value);
            answer += key.len() + 4 + size;
            memory += VALUE + size;
        }
        self.spend_answer(answer)?;
        self.spend_memory(memory)
    }

    /// Spends bytes of the answer on a value that was not counted while it was made.
    pub fn spend_value(&self, value: &Value) -> Result<(), OverBudget> {
        let size = deep_size(value);
        self.spend_answer(size)?;
        self.spend_memory(2 * size)
    }

    /// Refuses an answer that is too large as a whole.
    pub fn allow(&self, answer: &Value) -> Result<(), OverBudget> {
        if deep_size(answer) > self.0.max_answer {
            return Err(self.refuse(OverBudget::Answer(self.0.max_answer)));
        }
        Ok(())
    }

    /// Why the request is refused, if it is.
    pub fn refusal(&self) -> Option<OverBudget> {
        self.0.refusal.get().copied()
    }

    /// How many bytes the answer has so far.
    pub fn answer_bytes(&self) -> usize {
        self.0.answer.load(Ordering::Relaxed)
    }

    /// Keeps so many bytes alone: those of the answer as it will be sent. One that is repeated has not been counted
    /// before, and is from now on if there is memory: it is sent in any case.
    pub fn settle(&self, bytes: usize) {
        self.0.memory.store(bytes, Ordering::Relaxed);
        let mut reservation = self.0.reservation.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes > self.0.reserved.load(Ordering::Relaxed) {
            reservation.grow(bytes);
        }
        self.0.reserved.store(reservation.shrink(bytes), Ordering::Relaxed);
    }

    fn spend_answer(&self, bytes: usize) -> Result<(), OverBudget> {
        if self.0.answer.fetch_add(bytes, Ordering::Relaxed) + bytes > self.0.max_answer {
            return Err(self.refuse(OverBudget::Answer(self.0.max_answer)));
        }
        Ok(())
    }

    fn spend_memory(&self, bytes: usize) -> Result<(), OverBudget> {
        let (memory, max) = (
            self.0.memory.fetch_add(bytes, Ordering::Relaxed) + bytes,
            self.0.max_answer.saturating_mul(MEMORY_OF_ONE),
        );
        if memory > max.max(FREE) {
            return Err(self.refuse(OverBudget::Rows(max.max(FREE))));
        }
        if memory <= self.0.reserved.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut reservation = self.0.reservation.lock().unwrap_or_else(PoisonError::into_inner);
        match reservation.grow(memory) {
            Some(reserved) => {
                self.0.reserved.store(reserved, Ordering::Relaxed);
                Ok(())
            }
            None => Err(self.refuse(OverBudget::Exhausted)),
        }
    }

    fn refuse(&self, reason: OverBudget) -> OverBudget {
        *self.0.refusal.get_or_init(|| reason)
    }
}

/// A part of the pool. It goes back when this is dropped.
struct Reservation {
    portions: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Reservation {
    /// Takes as much as these bytes need and a quarter more, so that it is asked for seldom; returns the bytes
    /// that there is memory for then, if there is enough.
    fn grow(&mut self, bytes: usize) -> Option<usize> {
        let wanted = (bytes + bytes / 4).div_ceil(PORTION);
        let more = u32::try_from(wanted.saturating_sub(self.taken())).ok()?;
        let permit = self.portions.clone().try_acquire_many_owned(more).ok()?;
        match &mut self.permit {
            Some(taken) => taken.merge(permit),
            none => *none = Some(permit),
        }
        Some(wanted * PORTION)
    }

    /// Gives back what these bytes do not need; returns the bytes that there is memory for then.
    fn shrink(&mut self, bytes: usize) -> usize {
        let needed = if bytes <= FREE { 0 } else { bytes.div_ceil(PORTION) };
        let surplus = self.taken().saturating_sub(needed);
        drop(self.permit.as_mut().and_then(|permit| permit.split(surplus)));
        FREE.max(self.taken() * PORTION)
    }

    fn taken(&self) -> usize {
        self.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn what_a_request_no_longer_needs_is_there_for_others() {
        let pool = MemoryPool::new(128 * 1024);
        let rows =
            |budget: &Budget, number: usize| (0..number).try_for_each(|_| budget.spend_row(1024 - ROW));
        let budgets: Vec<_> = (0..4).map(|_| pool.budget()).collect();
        for budget in &budgets {
            assert_eq!(rows(budget, 400), Ok(()));
        }
        assert_eq!(rows(&pool.budget(), 60), Ok(()));
        assert_eq!(rows(&pool.budget(), 400), Err(OverBudget::Exhausted));
        budgets[0].settle(100 * 1024);
        budgets[1].settle(10);
        assert_eq!(rows(&pool.budget(), 400), Ok(()));
        assert_eq!(rows(&pool.budget(), 513), Err(OverBudget::Rows(512 * 1024)));
        drop(budgets);
        assert_eq!(pool.portions.available_permits(), 2048);
    }

    #[test]
    fn an_answer_is_refused_as_soon_as_it_is_too_large() {
        let budget = MemoryPool::new(1000).budget();
        let text = value!("a".repeat(400));
        let fields = || [("key", &text)].into_iter();
        assert_eq!(budget.spend_object(fields()), Ok(()));
        assert_eq!(budget.spend_object(fields()), Ok(()));
        assert_eq!(budget.spend_object(fields()), Err(OverBudget::Answer(1000)));
        assert_eq!(budget.refusal(), Some(OverBudget::Answer(1000)));
    }
}
