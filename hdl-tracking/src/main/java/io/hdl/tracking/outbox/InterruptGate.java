package io.hdl.tracking.outbox;

/** Lets a thread be interrupted in a part of its work alone. */
final class InterruptGate {
  private boolean open;

  /** The part begins. */
  synchronized void open() {
    open = true;
  }

  /** The part is over. */
  synchronized void close() {
    open = false;
    boolean unused = Thread.interrupted(); // it was meant for the part
  }

  /** Interrupts the thread if it is in that part. */
  synchronized void interrupt(Thread thread) {
    if (open) {
      thread.interrupt();
    }
  }
}
