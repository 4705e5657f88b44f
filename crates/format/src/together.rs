//! Waiting for several things at once.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Waits for all futures together; their outputs come in the order of the futures.
///
/// Requests that do not need one another's answers go out at the same time, so that a slow link is
/// waited for once. Whenever one of them moves, all that are still open are looked at: they are few.
pub async fn together<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut open: Vec<_> = futures
        .into_iter()
        .map(|future| (Box::pin(future), None))
        .collect();
    poll_fn(|context| {
        let mut waiting = false;
        for (future, output) in &mut open {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *output = Some(value),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    open.into_iter().filter_map(|(_, output)| output).collect()
}

/// Waits for two things of different kinds.
pub async fn both<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut one, mut other) = (None, None);
    poll_fn(|context| {
        if one.is_none()
            && let Poll::Ready(value) = a.as_mut().poll(context)
        {
            one = Some(value);
        }
        if other.is_none()
            && let Poll::Ready(value) = b.as_mut().poll(context)
        {
            other = Some(value);
        }
        match (one.take(), other.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (first, second) => {
                (one, other) = (first, second);
                Poll::Pending
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ready when it has been looked at so many times.
    async fn after(mut looks: u32) -> u32 {
        let count = looks;
        poll_fn(|context| {
            context.waker().wake_by_ref();
            match looks.checked_sub(1) {
                Some(left) => {
                    looks = left;
                    Poll::Pending
                }
                None => Poll::Ready(count),
            }
        })
        .await
    }

    #[test]
    fn outputs_come_in_the_order_of_the_futures() {
        let waits = vec![after(3), after(0), after(2)];
        assert_eq!(pollster::block_on(together(waits)), [3, 0, 2]);
        assert_eq!(pollster::block_on(both(after(2), after(1))), (2, 1));
    }
}
