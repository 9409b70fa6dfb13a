package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.job.JobContext;
import io.hdl.core.run.RunRecord;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.RunStart;
import java.util.Optional;
import java.util.function.Consumer;

/** Remembers a server's id of the job's run with the run itself. */
record PinnedRun(RunRecord run, JobContext context, Consumer<String> warnings)
    implements ServerDestination.Listener {
  private static final String PIN = "mlflow.run_id";

  @Override
  public Optional<String> knownId(RunStart start) {
    return start.parentKey().isPresent()
        ? Optional.empty()
        : Optional.ofNullable(run.pins().get(PIN));
  }

  @Override
  public void found(RunStart start, String id) {
    if (start.parentKey().isEmpty()) {
      try {
        String unused = context.pin(PIN, () -> id);
      } catch (HdlException e) {
        // A full disk, for instance. The run is found by its key again.
        warning(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public void warning(String text) {
    warnings.accept(text);
  }
}
