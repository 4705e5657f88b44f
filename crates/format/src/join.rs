//! Functions that wait for several futures concurrently.
//!
//! They replace the functions with the same names in `futures-util`, to avoid that dependency.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Waits for all futures and returns their outputs in the order of the futures.
///
/// The futures run concurrently, so requests that do not depend on each other are sent at the same
/// time and take only one round trip on a slow connection. Whenever one future is woken, all
/// pending futures are polled. The cost is small because there are only a few futures.
pub async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut slots: Vec<_> = futures
        .into_iter()
        .map(|future| (Box::pin(future), None))
        .collect();
    poll_fn(|context| {
        let mut is_pending = false;
        for (future, output) in &mut slots {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *output = Some(value),
                    Poll::Pending => is_pending = true,
                }
            }
        }
        if is_pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    slots.into_iter().filter_map(|(_, output)| output).collect()
}

/// Waits for two futures of different types and returns both outputs.
pub async fn join<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    poll_fn(|context| {
        if a_output.is_none()
            && let Poll::Ready(value) = a.as_mut().poll(context)
        {
            a_output = Some(value);
        }
        if b_output.is_none()
            && let Poll::Ready(value) = b.as_mut().poll(context)
        {
            b_output = Some(value);
        }
        match (a_output.take(), b_output.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (a_output, b_output) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates a future that is pending the first `polls` times it is polled, and then outputs
    /// `polls`.
    async fn ready_after(polls: u32) -> u32 {
        let mut remaining = polls;
        poll_fn(|context| {
            context.waker().wake_by_ref();
            match remaining.checked_sub(1) {
                Some(fewer) => {
                    remaining = fewer;
                    Poll::Pending
                }
                None => Poll::Ready(polls),
            }
        })
        .await
    }

    #[test]
    fn outputs_are_in_the_order_of_the_futures() {
        let futures = vec![ready_after(3), ready_after(0), ready_after(2)];
        assert_eq!(pollster::block_on(join_all(futures)), [3, 0, 2]);
        let outputs = pollster::block_on(join(ready_after(2), ready_after(1)));
        assert_eq!(outputs, (2, 1));
    }
}
