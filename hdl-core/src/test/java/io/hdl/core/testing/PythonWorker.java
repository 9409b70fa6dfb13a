package io.hdl.core.testing;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.hdl.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Python that has imported MLflow, which takes seconds, and forks a process for each script. It
 * ends with this process, whose end closes its standard input. One script at a time; thread-safe.
 */
final class PythonWorker {
  private static final String SOURCE =
      """
      import atexit, json, os, sys, threading, traceback
      answers = os.fdopen(os.dup(1), "w")
      os.dup2(2, 1)
      import mlflow, mlflow.tracking

      def run(ask):
          code = 1
          try:
              os.chdir(ask["folder"])
              for stream, name in ((1, "out"), (2, "err")):
                  os.dup2(os.open(ask[name], os.O_CREAT | os.O_WRONLY, 0o600), stream)
              os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
              os.environ.update(ask["variables"])
              sys.argv = ["-c"] + ask["arguments"]
              exec(compile(ask["script"], "<string>", "exec"), {"__name__": "__main__"})
              code = 0
          except SystemExit as end:
              code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
          except BaseException:
              traceback.print_exc()
          finally:
              threading._shutdown()
              atexit._run_exitfuncs()
              sys.stdout.flush()
              sys.stderr.flush()
              os._exit(code)

      for line in sys.stdin:
          child = os.fork()
          if child == 0:
              run(json.loads(line))
          status = os.waitpid(child, 0)[1]
          print(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1, file=answers, flush=True)
      """;

  private final Path interpreter;
  private @Nullable Running running;

  private record Running(Process process, Writer asks, BufferedReader answers) {}

  /** A worker that is started when it is needed. */
  PythonWorker(Path interpreter) {
    this.interpreter = interpreter;
  }

  /** Whether this system forks processes that have threads and libraries without ado. */
  static boolean isPossible() {
    return System.getProperty("os.name").equals("Linux");
  }

  /** Runs a script in a temporary folder; an exit of 124 means that it was ended at the limit. */
  synchronized ExternalCommand.Result run(
      String script, Map<String, String> variables, List<String> arguments, Duration limit)
      throws IOException {
    Path folder = Files.createTempDirectory("hdl-python");
    try {
      Path out = folder.resolve("out");
      Path err = folder.resolve("err");
      String ask =
          Json.write(
              Map.of(
                  "script",
                  script,
                  "variables",
                  variables,
                  "arguments",
                  arguments,
                  "folder",
                  Files.createDirectory(folder.resolve("work")).toString(),
                  "out",
                  out.toString(),
                  "err",
                  err.toString()));
      int exit = exit(ask, limit);
      return new ExternalCommand.Result(exit, text(out), text(err));
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private int exit(String ask, Duration limit) throws IOException {
    Running worker = running();
    worker.asks().write(ask + "\n");
    worker.asks().flush();
    FutureTask<@Nullable String> answer = new FutureTask<>(worker.answers()::readLine);
    Thread reader = new Thread(answer, "hdl-python-answers");
    reader.setDaemon(true);
    reader.start();
    try {
      String line = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new IOException("The Python that runs scripts has ended.");
      }
      return Integer.parseInt(line);
    } catch (TimeoutException e) {
      end(worker);
      return 124;
    } catch (InterruptedException e) {
      end(worker);
      Thread.currentThread().interrupt();
      return 124;
    } catch (ExecutionException e) {
      end(worker);
      throw new IOException(e.getCause());
    }
  }

  private synchronized Running running() throws IOException {
    Running worker = running;
    if (worker == null || !worker.process().isAlive()) {
      ProcessBuilder builder = new ProcessBuilder(interpreter.toString(), "-c", SOURCE);
      builder.environment().putAll(MlflowPython.quiet());
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      worker =
          new Running(
              process,
              process.outputWriter(StandardCharsets.UTF_8),
              process.inputReader(StandardCharsets.UTF_8));
      running = worker;
    }
    return worker;
  }

  private synchronized void end(Running worker) {
    ExternalCommand.end(worker.process().toHandle());
    running = null;
  }

  private static String text(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
