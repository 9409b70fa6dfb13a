package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on to an observer, and swallows what it throws. */
final class SafeObserver implements OutboxObserver {
  private static final Logger LOG = LoggerFactory.getLogger(SafeObserver.class);

  private final OutboxObserver observer;

  SafeObserver(OutboxObserver observer) {
    this.observer = observer;
  }

  @Override
  public void serverAway(HdlException why) {
    safely(() -> observer.serverAway(why));
  }

  @Override
  public void serverBack() {
    safely(observer::serverBack);
  }

  @Override
  public void serverAbandoned(HdlException why) {
    safely(() -> observer.serverAbandoned(why));
  }

  @Override
  public void diskFailed(HdlException why) {
    safely(() -> observer.diskFailed(why));
  }

  @Override
  public void warning(String text) {
    safely(() -> observer.warning(text));
  }

  @Override
  public void state(OutboxState state) {
    safely(() -> observer.state(state));
  }

  private static void safely(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.warn("An observer of the tracking failed", e);
    }
  }
}
