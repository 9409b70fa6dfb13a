package io.hdl.tracking;

import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.outbox.Leftovers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A process whose disk is full while its run reports. */
final class FullDiskRun {
  private FullDiskRun() {}

  /** Arguments: a folder on the small disk, the server, the job's name. */
  public static void main(String[] arguments) throws Exception {
    Path disk = Path.of(arguments[0]);
    TestJobContext context = TestJobContext.in(disk, arguments[2], "run-1");
    TrackedRun run =
        FaultedRun.tracker(URI.create(arguments[1]), context, Duration.ofSeconds(60))
            .open(context.record(), context);
    Path ballast = disk.resolve("ballast");
    fill(ballast);
    Duration training = ReportedRun.report(run, disk, Set.of());
    while (context.events().warnings().isEmpty()) {
      LockSupport.parkNanos(20_000_000);
    }
    Files.delete(ballast);
    run.finish(new RunEnd.Finished());
    run.close();
    System.out.println(
        training.toNanos()
            + " left "
            + Leftovers.below(disk).size()
            + " "
            + context.events().warnings());
  }

  private static void fill(Path ballast) throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space")) {
        throw full;
      }
    }
  }
}
