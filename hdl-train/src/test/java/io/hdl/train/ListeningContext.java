package io.hdl.train;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.event.EventSink;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.Cancellation;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunDirectory;
import io.hdl.core.run.RunRecord;
import io.hdl.core.testing.TestJobContext;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A test's job context whose events are also heard at once, on the training thread. */
record ListeningContext(TestJobContext inner, Consumer<JobEvent> listener) implements JobContext {
  @Override
  public RunDirectory directory() {
    return inner.directory();
  }

  @Override
  public RunRecord record() {
    return inner.record();
  }

  @Override
  public HybridEnvironment environment() {
    return inner.environment();
  }

  @Override
  public long seed() {
    return inner.seed();
  }

  @Override
  public Clock clock() {
    return inner.clock();
  }

  @Override
  public EventSink events() {
    return event -> {
      inner.events().publish(event);
      listener.accept(event);
    };
  }

  @Override
  public Cancellation cancellation() {
    return inner.cancellation();
  }

  @Override
  public boolean resumed() {
    return inner.resumed();
  }

  @Override
  public String pin(String name, Supplier<String> resolve) {
    return inner.pin(name, resolve);
  }

  @Override
  public TrackedRun tracking() {
    return inner.tracking();
  }
}
