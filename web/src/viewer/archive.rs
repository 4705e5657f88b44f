//! The client of the worker that owns the archive.
//!
//! `boot.js` starts the worker, so that a page without published content need not wait for the
//! viewer.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::Promise;
use khizana_pages::Cause;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageEvent, Worker};

use crate::message::{Answer, Request};

#[wasm_bindgen]
extern "C" {
    /// Returns a promise for the running worker. The promise rejects with the HTTP status of the
    /// response if the server responded to the request for the script with an error. The function
    /// is defined in `boot.js`.
    #[wasm_bindgen(js_name = archiveWorker)]
    fn archive_worker() -> Promise;
}

type OnMessage = Closure<dyn FnMut(MessageEvent)>;

/// Sends requests to the worker, and receives its answers.
pub struct ArchiveClient {
    root: String,
    /// The state of the published page as JSON.
    state: String,
    numbers: Cell<u32>,
    /// The current worker and its listener.
    worker: RefCell<Option<(Worker, OnMessage)>>,
    pending: RefCell<Vec<Pending>>,
}

/// A pending request.
struct Pending {
    number: u32,
    navigates: bool,
    queue: Rc<Queue>,
}

/// Received answers.
#[derive(Default)]
struct Queue {
    answers: RefCell<Vec<Answer>>,
    /// `true` if no more answers are accepted.
    is_closed: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Queue {
    fn push(&self, answer: Answer) {
        self.answers.borrow_mut().push(answer);
        self.wake();
    }

    fn close(&self) {
        self.is_closed.set(true);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// The answers to a request. Dropping this value cancels the request.
pub struct Answers {
    number: u32,
    queue: Rc<Queue>,
    client: Rc<ArchiveClient>,
}

impl Answers {
    /// Returns the number of the request.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Waits for the next answer. Returns `None` if the request was superseded or cancelled.
    pub fn next(&mut self) -> impl Future<Output = Option<Answer>> {
        let queue = self.queue.clone();
        poll_fn(move |context| {
            let mut answers = queue.answers.borrow_mut();
            if !answers.is_empty() {
                return Poll::Ready(Some(answers.remove(0)));
            }
            if queue.is_closed.get() {
                return Poll::Ready(None);
            }
            queue.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.client.cancel(self.number);
    }
}

impl ArchiveClient {
    /// Returns a client for the site with the root URL `root`.
    pub fn new(root: String, state: String) -> Rc<ArchiveClient> {
        Rc::new(ArchiveClient {
            root,
            state,
            numbers: Cell::new(0),
            worker: RefCell::new(None),
            pending: RefCell::default(),
        })
    }

    /// Sends a request as soon as the worker is running. A request that navigates supersedes the
    /// previous one.
    pub fn send(self: &Rc<Self>, request: Request) -> Answers {
        let number = self.numbers.get().wrapping_add(1);
        self.numbers.set(number);
        let navigates = matches!(request, Request::Show { .. } | Request::Text { .. });
        let queue = Rc::new(Queue::default());
        let mut pending = self.pending.borrow_mut();
        if navigates {
            pending.retain(|other| {
                if other.navigates {
                    other.queue.close();
                }
                !other.navigates
            });
        }
        pending.push(Pending {
            number,
            navigates,
            queue: queue.clone(),
        });
        drop(pending);
        let client = self.clone();
        spawn_local(async move {
            match client.worker().await {
                // The request may have been cancelled while the worker started.
                Ok(worker) if client.is_pending(number) => {
                    let _ = worker.post_message(&request.to_array(number));
                }
                Ok(_) => {}
                Err(cause) => client.receive(number, Answer::Failed(cause)),
            }
        });
        Answers {
            number,
            queue,
            client: self.clone(),
        }
    }

    /// Sends a request that has no answer.
    pub fn post(self: &Rc<Self>, request: Request) {
        let client = self.clone();
        spawn_local(async move {
            if let Ok(worker) = client.worker().await {
                let _ = worker.post_message(&request.to_array(0));
            }
        });
    }

    /// Returns `true` if a worker is running, which means that its script has been loaded.
    pub fn has_started(&self) -> bool {
        self.worker.borrow().is_some()
    }

    /// Cancels a request. Its answers are dropped.
    pub fn cancel(&self, number: u32) {
        let mut pending = self.pending.borrow_mut();
        let Some(i) = pending.iter().position(|other| other.number == number) else {
            return;
        };
        pending.remove(i).queue.close();
        drop(pending);
        if let Some((worker, _)) = self.worker.borrow().as_ref() {
            let _ = worker.post_message(&Request::Cancel.to_array(number));
        }
    }

    fn is_pending(&self, number: u32) -> bool {
        let pending = self.pending.borrow();
        pending.iter().any(|other| other.number == number)
    }

    fn receive(&self, number: u32, answer: Answer) {
        let pending = self.pending.borrow();
        if let Some(request) = pending.iter().find(|request| request.number == number) {
            request.queue.push(answer);
        }
    }

    /// Returns the running worker. If it is a new one, sends [`Request::Start`] to it.
    async fn worker(self: &Rc<Self>) -> Result<Worker, Cause> {
        let worker = JsFuture::from(archive_worker()).await;
        let worker = worker.map_err(|problem| match problem.as_f64() {
            Some(status) => Cause::Status(status as u16),
            None => Cause::Offline,
        })?;
        let worker: Worker = worker.unchecked_into();
        let is_known = matches!(&*self.worker.borrow(), Some((known, _)) if *known == worker);
        if !is_known {
            self.connect(&worker);
        }
        Ok(worker)
    }

    fn connect(self: &Rc<Self>, worker: &Worker) {
        let client = Rc::downgrade(self);
        let on_message = OnMessage::new(move |event: MessageEvent| {
            if let (Some(client), Some(array)) = (client.upgrade(), event.data().dyn_ref()) {
                let (number, answer) = Answer::from_array(array);
                client.receive(number, answer);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let client = Rc::downgrade(self);
        let on_error = Closure::<dyn FnMut()>::new(move || {
            if let Some(client) = client.upgrade() {
                client.fail_all("the worker has stopped");
            }
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();
        let start = Request::Start {
            root: self.root.clone(),
            state: self.state.clone(),
        };
        let _ = worker.post_message(&start.to_array(0));
        self.worker.replace(Some((worker.clone(), on_message)));
    }

    /// Fails all pending requests after a crash of the worker.
    pub fn fail_all(&self, reason: &str) {
        self.worker.replace(None);
        for request in self.pending.borrow().iter() {
            let cause = Cause::Unreadable(reason.to_owned());
            request.queue.push(Answer::Failed(cause));
        }
    }
}
