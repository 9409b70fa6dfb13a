package io.hdl.train.parallel;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one copy of NCCL that this process uses: that of the libtorch that is loaded, else one that
 * is loaded already for another reason, else the one that {@code HDL_NCCL_LIBRARY} names, else the
 * system's. Thread-safe.
 *
 * @param functions its C functions
 * @param origin where it comes from, for people
 * @param version such as {@code 2.26.2}
 */
record NcclLibrary(NcclFunctions functions, String origin, String version) {
  /** System property that names the library's file or its folder; goes before the variable. */
  static final String PROPERTY = "hdl.nccl.library";

  /** Environment variable of the same meaning. */
  static final String VARIABLE = "HDL_NCCL_LIBRARY";

  private static final String FILE = "libnccl.so.2";

  /** The first with {@code ncclCommInitRankConfig} that need not wait: 2.14. */
  private static final int OLDEST = 21400;

  /**
   * Finds NCCL beside the libtorch that is loaded.
   *
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} that tells where it was looked
   *     for
   */
  static NcclLibrary find() {
    return find(named());
  }

  private static Optional<Path> named() {
    String value = System.getProperty(PROPERTY, System.getenv(VARIABLE));
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(Path.of(value));
  }

  static NcclLibrary find(Optional<Path> named) {
    List<String> missing = new ArrayList<>();
    Optional<NcclLibrary> found =
        inLibtorch(missing)
            .or(() -> opened(FILE, TorchLibrary.loadedOnly(), "loaded already, " + FILE, missing));
    if (found.isEmpty() && named.isPresent()) {
      Path file = Files.isDirectory(named.get()) ? named.get().resolve(FILE) : named.get();
      found = opened(file.toString(), local(), VARIABLE + ", " + file, missing);
      // What was asked for by name is not replaced by anything else.
      return found.orElseThrow(() -> notFound(missing));
    }
    return found
        .or(() -> opened(FILE, local(), "the system's " + FILE, missing))
        .orElseThrow(() -> notFound(missing));
  }

  private static Map<String, Object> local() {
    return Map.of(Library.OPTION_OPEN_FLAGS, TorchLibrary.LAZY);
  }

  private static Optional<NcclLibrary> inLibtorch(List<String> missing) {
    Path file = TorchLibrary.cudaFile();
    if (!Files.exists(file)) {
      missing.add("libtorch (" + TorchLibrary.folder() + " is a build for the CPU)");
      return Optional.empty();
    }
    return opened(file.toString(), TorchLibrary.loadedOnly(), "libtorch's, " + file, missing);
  }

  private static Optional<NcclLibrary> opened(
      String library, Map<String, Object> options, String origin, List<String> missing) {
    try {
      NativeLibrary opened = NativeLibrary.getInstance(library, options);
      for (String name : NcclFunctions.NAMES) {
        opened.getFunction(name);
      }
      NcclFunctions functions = Native.load(library, NcclFunctions.class, options);
      return Optional.of(new NcclLibrary(functions, origin, version(functions, origin)));
    } catch (UnsatisfiedLinkError e) {
      missing.add(origin + " (" + firstLine(e) + ")");
      return Optional.empty();
    }
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse(message).strip();
  }

  private static String version(NcclFunctions functions, String origin) {
    IntByReference code = new IntByReference();
    functions.ncclGetVersion(code);
    int number = code.getValue();
    String version = number / 10000 + "." + number / 100 % 100 + "." + number % 100;
    if (number < OLDEST) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH,
          "Cannot exchange gradients between GPUs: NCCL ("
              + origin
              + ") is "
              + (number < 10000 ? "older than 2.9" : version)
              + " (expected: >= 2.14). Install a newer one, or use a newer libtorch.");
    }
    return version;
  }

  private static HdlException notFound(List<String> missing) {
    return new HdlException(
        ErrorCode.ENVIRONMENT_MISMATCH,
        "Cannot exchange gradients between GPUs: NCCL was not found. Looked for it in: "
            + String.join("; ", missing)
            + ". Install NCCL 2 for this machine's CUDA (package libnccl2, or nvidia-nccl-cu12 of"
            + " PyPI), name its folder with "
            + VARIABLE
            + ", or choose Determinism.portable, which exchanges without NCCL.");
  }

  /** What NCCL says of a result, and of the last error that it met. */
  String describe(int result, @Nullable Pointer communicator) {
    String last = functions.ncclGetLastError(communicator);
    return functions.ncclGetErrorString(result)
        + " (NCCL error "
        + result
        + (last == null || last.isBlank() ? ")" : ": " + last.strip() + ")");
  }
}
