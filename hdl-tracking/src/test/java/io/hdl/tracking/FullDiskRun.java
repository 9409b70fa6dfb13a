package io.hdl.tracking;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.hdl.core.HybridJob;
import io.hdl.core.error.HdlException;
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

/** A process whose disk is full while its run reports, or from before its opening on. */
final class FullDiskRun {
  /** When the disk is full. */
  enum When {
    /** While the run reports; then there is room again. */
    FOR_A_WHILE,
    /** From the run's opening to its end, and beyond. */
    TO_THE_END,
    /** From before the run's opening to its end, and beyond. */
    ALL_THE_TIME
  }

  private FullDiskRun() {}

  /** Arguments: a folder on the small disk, the server, the job's name, when the disk is full. */
  public static void main(String[] arguments) throws Exception {
    loadClasses();
    Path disk = Path.of(arguments[0]);
    When when = When.valueOf(arguments[3]);
    TestJobContext context = TestJobContext.in(disk, arguments[2], "run-1");
    Path ballast = disk.resolve("ballast");
    if (when == When.ALL_THE_TIME) {
      fill(ballast);
      System.out.println("a job there: " + job(disk, URI.create(arguments[1])));
    }
    TrackedRun run =
        FaultedRun.tracker(URI.create(arguments[1]), context, Duration.ofSeconds(60))
            .open(context.record(), context);
    fill(ballast);
    HeldUp training = ReportedRun.report(run, disk, Set.of());
    while (context.events().warnings().isEmpty()) {
      LockSupport.parkNanos(20_000_000);
    }
    if (when == When.FOR_A_WHILE) {
      Files.delete(ballast);
    }
    run.finish(new RunEnd.Finished());
    run.close();
    System.out.println(
        training.wall().toNanos()
            + " "
            + training.waited().toNanos()
            + " left "
            + Leftovers.below(disk).size()
            + " "
            + context.events().warnings());
  }

  /** What classes take to be loaded is no wait for a disk. */
  private static void loadClasses() throws Exception {
    Path elsewhere = Files.createTempDirectory("hdl-full-disk");
    try {
      TestJobContext context = TestJobContext.in(elsewhere);
      TrackedRun run =
          Mlflow.at(elsewhere.resolve("mlruns").toString())
              .withoutSystemMetrics()
              .open(context.record(), context);
      HeldUp unused = ReportedRun.report(run, elsewhere, Set.of());
      run.finish(new RunEnd.Finished());
      run.close();
    } finally {
      MoreFiles.deleteRecursively(elsewhere, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** What becomes of a whole job that begins on a full disk. */
  private static String job(Path disk, URI server) {
    try (HybridJob<String> job =
        HybridJob.named("refused")
            .data(new SmallJob.Table())
            .train(new SmallJob.Constant(context -> System.out.println("it trains")))
            .track(Mlflow.at(server))
            .home(disk)
            .build()) {
      return job.run().toString();
    } catch (HdlException e) {
      return e.code() + ": " + e.getMessage();
    }
  }

  private static void fill(Path ballast) throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast, CREATE, APPEND)) {
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
