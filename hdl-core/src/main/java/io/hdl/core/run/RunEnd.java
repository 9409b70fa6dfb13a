package io.hdl.core.run;

import java.util.Optional;

/** How a run ended. */
public sealed interface RunEnd {
  /** The state that a run is in after this end. */
  RunState state();

  /** Why it ended before its time, if it did. */
  Optional<String> reason();

  /** Ended as planned. */
  record Finished() implements RunEnd {
    @Override
    public RunState state() {
      return RunState.FINISHED;
    }

    @Override
    public Optional<String> reason() {
      return Optional.empty();
    }
  }

  /** Stopped in order before its end; can be continued. */
  record Interrupted(String why) implements RunEnd {
    @Override
    public RunState state() {
      return RunState.INTERRUPTED;
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(why);
    }
  }

  /** Ended by an error. */
  record Failed(String error) implements RunEnd {
    @Override
    public RunState state() {
      return RunState.FAILED;
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(error);
    }
  }
}
