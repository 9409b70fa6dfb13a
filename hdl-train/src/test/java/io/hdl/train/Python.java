package io.hdl.train;

import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.export.PythonPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Python interpreter with PyTorch: the one that {@code -Dhdl.python} names, else python3. */
public final class Python {
  private static final String PROGRAM = System.getProperty("hdl.python", "python3");

  private Python() {}

  /** Why a test is skipped. */
  public static String withoutTorch() {
    return "Skipped: " + PROGRAM + " has no torch; name an interpreter that has: -Dhdl.python=...";
  }

  /** Why a test that needs pandas is skipped. */
  static String withoutPandas() {
    return "Skipped: "
        + PROGRAM
        + " has no torch and pandas; name an interpreter that has: -Dhdl.python=...";
  }

  /** Whether the interpreter has PyTorch; puts the package into a folder on the way. */
  public static boolean hasTorch(Path folder) throws IOException, InterruptedException {
    try {
      return run(folder, List.of("-c", "import torch, numpy")).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Output of a program that failed; nothing if it did not. The package is written to a folder. */
  public static String run(Path folder, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    PythonPackage.writeTo(folder);
    builder
        .environment()
        .putAll(
            Map.of(
                "PYTHONPATH",
                folder.toString(),
                "PYTHONDONTWRITEBYTECODE",
                "1",
                "OMP_NUM_THREADS",
                "1"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : output + " ";
  }

  /** The forecasts of a saved forecaster, {@code [batch, horizon, width]}. */
  static Safetensors.Tensor forecasts(Path folder, Path model, Path input)
      throws IOException, InterruptedException {
    Path output = folder.resolve("forecasts.safetensors");
    String failure =
        run(
            folder,
            List.of(
                "-m", PythonPackage.NAME, model.toString(), input.toString(), output.toString()));
    if (!failure.isEmpty()) {
      throw new IOException(failure);
    }
    Safetensors.Tensor tensor = Safetensors.read(output).tensors().get("forecasts");
    if (tensor == null) {
      throw new IOException("no forecasts in " + output);
    }
    return tensor;
  }
}
