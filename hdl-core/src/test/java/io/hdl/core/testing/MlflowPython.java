package io.hdl.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Python with a real MLflow, installed from PyPI once per machine and user: into {@code
 * ~/.cache/hdl/mlflow-<version>}, or below the folder that {@code HDL_TEST_CACHE} names.
 * Thread-safe.
 */
public final class MlflowPython {
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(20);
  private static final Duration SCRIPT_LIMIT = Duration.ofMinutes(3);
  private static final Map<MlflowVersion, MlflowPython> READY = new EnumMap<>(MlflowVersion.class);

  private final Path interpreter;
  private final String version;
  private final PythonWorker worker;

  private MlflowPython(Path interpreter, String version) {
    this.interpreter = interpreter;
    this.worker = new PythonWorker(interpreter);
    this.version = version;
  }

  /**
   * The Python with MLflow, installed if it is not there yet. Where there is no {@code python3}
   * with {@code venv} and {@code pip}, or PyPI does not answer, the test is skipped with one line;
   * with {@code HDL_REQUIRE_SERVERS=true} it fails.
   */
  public static MlflowPython require() {
    return require(MlflowVersion.CURRENT);
  }

  /** The same with a release of choice. */
  public static MlflowPython require(MlflowVersion wanted) {
    synchronized (READY) {
      return READY.computeIfAbsent(
          wanted,
          missing -> {
            String name = "mlflow-" + missing.release();
            String version = InstallOnce.fill(name, folder -> installInto(folder, missing));
            return new MlflowPython(interpreterIn(InstallOnce.folder(name)), version);
          });
    }
  }

  /** The release of MLflow that is installed. */
  public String version() {
    return version;
  }

  /** Path of the interpreter. */
  Path interpreter() {
    return interpreter;
  }

  /**
   * Runs a script and gives what it prints to standard output.
   *
   * @param script Python source
   * @param variables environment variables, such as {@code MLFLOW_TRACKING_URI}
   * @param arguments {@code sys.argv[1:]}
   * @throws AssertionError with the script's messages if it fails
   */
  public String run(String script, Map<String, String> variables, String... arguments) {
    ExternalCommand.Result result = result(script, variables, List.of(arguments));
    if (result.exit() != 0) {
      throw new AssertionError(
          "The Python script ended with " + result.exit() + ":\n" + result.tail());
    }
    return result.out();
  }

  private ExternalCommand.Result result(
      String script, Map<String, String> variables, List<String> arguments) {
    if (PythonWorker.isPossible()) {
      try {
        return worker.run(script, variables, arguments, SCRIPT_LIMIT);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot run a script by " + interpreter, e);
      }
    }
    List<String> command = new ArrayList<>(List.of(interpreter.toString(), "-c", script));
    command.addAll(arguments);
    Map<String, String> all = new HashMap<>(quiet());
    all.putAll(variables);
    return execute(command, all, SCRIPT_LIMIT);
  }

  /** Variables that keep MLflow from asking anybody else. */
  static Map<String, String> quiet() {
    return Map.of(
        "MLFLOW_DISABLE_TELEMETRY",
        "true",
        "DO_NOT_TRACK",
        "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR",
        "false",
        "PYTHONIOENCODING",
        "utf-8");
  }

  /**
   * Installs the wanted release, or instead of the current one the newest if it is not to be had.
   */
  private static String installInto(Path folder, MlflowVersion wanted) {
    ExternalCommand.Result made =
        execute(
            List.of(systemPython(), "-m", "venv", "--clear", folder.toString()),
            Map.of(),
            INSTALL_LIMIT);
    if (made.exit() != 0) {
      throw Servers.skip(
          "python3 cannot make a virtual environment with pip, which a real MLflow needs ("
              + ExternalCommand.lastLines(made.tail(), 1)
              + "). Install python3-venv.");
    }
    String python = interpreterIn(folder).toString();
    ExternalCommand.Result installed = pip(python, wanted.requirements());
    if (installed.exit() != 0 && wanted == MlflowVersion.CURRENT) {
      installed = pip(python, List.of("mlflow"));
    }
    if (installed.exit() != 0) {
      throw Servers.skip(
          "pip cannot install MLflow (" + ExternalCommand.lastLines(installed.tail(), 1) + ").");
    }
    return execute(
            List.of(python, "-c", "import importlib.metadata as m; print(m.version('mlflow'))"),
            Map.of(),
            SCRIPT_LIMIT)
        .out()
        .strip();
  }

  private static ExternalCommand.Result pip(String python, List<String> what) {
    List<String> command =
        new ArrayList<>(
            List.of(
                python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check"));
    command.addAll(what);
    return execute(command, Map.of(), INSTALL_LIMIT);
  }

  private static String systemPython() {
    return Optional.of("python3")
        .filter(name -> runs(List.of(name, "-c", "import venv, ensurepip")))
        .orElseThrow(
            () ->
                Servers.skip(
                    "there is no python3 with venv and pip, which a real MLflow needs. Install"
                        + " python3-venv."));
  }

  private static boolean runs(List<String> command) {
    try {
      return ExternalCommand.run(command, Map.of(), SCRIPT_LIMIT).exit() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static Path interpreterIn(Path folder) {
    return System.getProperty("os.name").startsWith("Windows")
        ? folder.resolve("Scripts").resolve("python.exe")
        : folder.resolve("bin").resolve("python");
  }

  private static ExternalCommand.Result execute(
      List<String> command, Map<String, String> variables, Duration limit) {
    try {
      return ExternalCommand.run(command, variables, limit);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run " + command.get(0), e);
    }
  }
}
