package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Secret;
import io.hdl.core.run.Home;
import io.hdl.core.testing.Azurite;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.storage.LakeStore;
import io.hdl.samples.retail.RetailGenerator;
import io.hdl.samples.retail.RetailTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Starts a lake on this machine with a table in it, to try out what reads one.
 *
 * <p>The lake is Azurite, Microsoft's emulator of Azure Storage. It stays up until Ctrl-C, or for
 * as long as the command runs that is given after {@code --}.
 */
@Command(
    name = "samples/run LocalLake",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Starts a lake on this machine (Azurite) and puts the made-up table into it.",
    footer = {
      "",
      "A command finds the lake's settings in its environment, and the address of the table in",
      "HDL_LAKE_TABLE.",
      "Exit status: that of the command, else 0 done, 1 failure, 2 wrong settings."
    })
public final class LocalLake implements Callable<Integer> {
  /** The variable that holds the address of the table for a command. */
  static final String TABLE = "HDL_LAKE_TABLE";

  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;
  private static final String CONTAINER = "curated";

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Where table and lake are kept; default: HDL_HOME, else ~/.hdl.")
  @Nullable Path home;

  @Option(
      names = "--upload",
      paramLabel = "DIR",
      description = "Another table to put into the lake, instead of the made-up one.")
  @Nullable Path upload;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the made-up table; default: 1.")
  long seed = 1;

  @Option(names = "--verbose", description = "Shows stack traces of failures.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  boolean help;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "After --: what to run while the lake is up.")
  List<String> command = new ArrayList<>();

  private LocalLake() {}

  /** Runs the sample and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the sample within this process. */
  static int run(String... arguments) {
    LocalLake sample = new LocalLake();
    return new CommandLine(sample)
        .setStopAtPositional(true)
        .setExecutionExceptionHandler((failure, line, parsed) -> sample.failed(failure))
        .setParameterExceptionHandler(
            (wrong, given) -> {
              System.err.println("LocalLake: " + wrong.getMessage());
              System.err.println("--help lists the options.");
              return WRONG_SETTINGS;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path root = (home == null ? Home.resolve(System.getenv()) : home).toAbsolutePath().normalize();
    Path table = upload == null ? retailTable(root) : upload.toAbsolutePath().normalize();
    try (Azurite lake = Azurite.in(root.resolve("tables").resolve("lake"))) {
      lake.createContainer(CONTAINER);
      LakeAddress address =
          LakeAddress.of(lake.address(CONTAINER, "retail/" + table.getFileName()));
      LakeAccess access =
          LakeAccess.fromEnvironment().emulator(lake.endpoint(), Secret.of(lake.accountKey()));
      try (LakeStore store = LakeStore.open(access)) {
        int files = TableUpload.of(table, address, store).run();
        System.err.println(
            (files == 0 ? "The lake has the table already: " : "Put " + files + " files into ")
                + address);
      }
      Map<String, String> settings =
          Map.of(
              LakeAccess.ENDPOINT,
              lake.endpoint().toString(),
              LakeAccess.ACCOUNT_KEY,
              lake.accountKey(),
              TABLE,
              address.toString());
      if (!command.isEmpty()) {
        return runCommand(settings);
      }
      tell(settings, address);
      new CountDownLatch(1).await();
      return 0;
    }
  }

  private int runCommand(Map<String, String> settings) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(settings);
    Process process = builder.start();
    Thread end = new Thread(process::destroy, "hdl-local-lake-end");
    Runtime.getRuntime().addShutdownHook(end);
    int status = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(end);
    return status;
  }

  /** The settings on standard output, as a shell takes them; what to do with them beside it. */
  private void tell(Map<String, String> settings, LakeAddress address) {
    for (String name : List.of(LakeAccess.ENDPOINT, LakeAccess.ACCOUNT_KEY, TABLE)) {
      System.out.println("export " + name + "='" + settings.get(name) + "'");
    }
    System.out.flush();
    System.err.println();
    System.err.println(
        "The lake is up until Ctrl-C. Paste the lines above into another shell, then:");
    System.err.println("  samples/run TableProfile --table " + address);
    if (upload == null) {
      System.err.println(
          "  samples/run DemandForecast --table "
              + address
              + " --key store,product --time date --frequency D --target units"
              + " --known price,discount,on_promotion,is_holiday,weekday --past stock_out"
              + " --constant store_type,category --context 56 --horizon 28 --version "
              + RetailTable.LATEST);
    }
    System.err.println(
        "End the lake and run the same again: a version that was read needs no lake any more.");
  }

  private Path retailTable(Path root) {
    Path folder = root.resolve("tables").resolve("retail-" + seed);
    RetailTable.ensure(folder, RetailGenerator.seeded(seed));
    return folder;
  }

  /** Words for a failure, and the exit status. */
  private int failed(Exception failure) {
    if (verbose) {
      failure.printStackTrace();
    }
    System.err.println(
        "LocalLake: " + (failure instanceof HdlException ? failure.getMessage() : failure));
    return failure instanceof HdlException known
            && (known.code() == ErrorCode.INVALID_SETTINGS
                || known.code() == ErrorCode.INVALID_ARGUMENT)
        ? WRONG_SETTINGS
        : FAILED;
  }
}
