package io.hdl.train.parallel;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which libtorch and which bridge (JNI) DJL will load in this process, read from the same files,
 * variables and class path in the same order as DJL does (LibUtils of DJL 0.35.1), without loading
 * or downloading anything. Where DJL would download, this refuses.
 *
 * @param djl DJL's version
 * @param jni version of the bridge, {@code LIBTORCH-DJL}
 * @param libtorch version of libtorch
 * @param flavor what the bridge is made for: {@code cpu} or, for CUDA 12.8, {@code cu128}
 * @param cuda the CUDA that libtorch is built for, such as {@code 12.8}; empty for the CPU
 * @param platform such as {@code linux-x86_64}
 * @param origin where libtorch comes from, for people
 */
record LibtorchFiles(
    String djl,
    String jni,
    String libtorch,
    String flavor,
    Optional<String> cuda,
    String platform,
    String origin) {
  private static final String LIBTORCH = System.mapLibraryName("torch");
  private static final Pattern VERSION =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+(-[a-z]+)?)(-SNAPSHOT)?(-\\d+)?");
  private static final Pattern OWN_VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)");
  private static final Pattern OWN_CUDA = Pattern.compile("\\+cu(\\d{2,3})");
  private static final Pattern CUDA = Pattern.compile("cu(\\d+)(\\d).*");

  /** Where libtorch lies or will lie, before the bridge is looked for. */
  private record Found(Path folder, String version, String flavor, String origin) {}

  /**
   * Reads what there is.
   *
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} if DJL would download libtorch
   *     or its bridge, or could not load them together
   */
  static LibtorchFiles find() {
    CudaRuntime.addSearchPaths();
    Platform platform;
    try {
      platform = Platform.detectPlatform("pytorch");
    } catch (AssertionError | RuntimeException e) {
      throw mismatch(
          "DJL cannot tell which libtorch it has: " + e.getMessage(),
          "Repair the class path: it needs one ai.djl.pytorch:pytorch-engine",
          e);
    }
    Found found = named(platform).orElseGet(() -> packaged(platform));
    String djl = platform.getApiVersion();
    String jni = bridge(found.folder(), found.version(), found.flavor(), platform).fitting();
    return new LibtorchFiles(
        djl,
        jni,
        number(found.version()),
        found.flavor(),
        cuda(found),
        platform.getClassifier(),
        found.origin());
  }

  /** The libtorch that PYTORCH_LIBRARY_PATH names. */
  private static Optional<Found> named(Platform platform) {
    String path = Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH");
    if (path == null) {
      return Optional.empty();
    }
    Path folder = folder(path);
    if (folder == null) {
      throw mismatch(
          "PYTORCH_LIBRARY_PATH is " + path + ", where no " + LIBTORCH + " lies",
          "Let it name the folder of an installed libtorch (torch/lib of a Python installation), or"
              + " unset it to use the one on the class path");
    }
    String version = setting("PYTORCH_VERSION").orElse(platform.getVersion());
    String flavor = setting("PYTORCH_FLAVOR").orElse("");
    requireSameVersion(folder, version);
    if (flavor.isEmpty()) {
      flavor = defaultFlavor(folder, platform, version);
    }
    boolean forCuda = CUDA.matcher(flavor).matches();
    if (forCuda && !Files.exists(folder.resolve(System.mapLibraryName("torch_cuda")))) {
      throw mismatch(
          "PYTORCH_FLAVOR is "
              + flavor
              + ", but the libtorch in "
              + folder
              + " is a build for the CPU",
          "Set PYTORCH_FLAVOR=cpu, or let PYTORCH_LIBRARY_PATH name a build for CUDA");
    }
    return Optional.of(new Found(folder, version, flavor, folder.toString()));
  }

  private static @Nullable Path folder(String paths) {
    for (String path : paths.split(File.pathSeparator, -1)) {
      Path named = Path.of(path);
      if (Files.isRegularFile(named) && named.endsWith(LIBTORCH)) {
        return named.toAbsolutePath().getParent();
      }
      if (Files.isRegularFile(named.resolve(LIBTORCH))) {
        return named.toAbsolutePath();
      }
    }
    return null;
  }

  private static void requireSameVersion(Path folder, String version) {
    Optional<String> own = own(folder, OWN_VERSION);
    if (own.isPresent() && !own.get().equals(number(version))) {
      throw mismatch(
          "the libtorch in "
              + folder
              + " is "
              + own.get()
              + ", but the bridge would be taken for "
              + number(version)
              + " (PYTORCH_VERSION, or else DJL's own)",
          "Set PYTORCH_VERSION="
              + own.get()
              + " with a bridge for it, or bring libtorch "
              + number(version));
    }
  }

  /** What a libtorch says of itself: {@code version.py} of Python's, {@code build-version} else. */
  private static Optional<String> own(Path folder, Pattern wanted) {
    Path above = folder.getParent();
    if (above == null) {
      return Optional.empty();
    }
    for (Path file : List.of(above.resolve("version.py"), above.resolve("build-version"))) {
      try {
        if (Files.isRegularFile(file)) {
          Matcher found = wanted.matcher(Files.readString(file));
          return found.find() ? Optional.of(found.group(1)) : Optional.empty();
        }
      } catch (IOException unreadable) {
        // It is asked for as a help only.
      }
    }
    return Optional.empty();
  }

  /** DJL's own default is a build of before 2.7 that its bridges are no longer made for. */
  private static String defaultFlavor(Path folder, Platform platform, String version) {
    boolean linux = "linux".equals(platform.getOsPrefix());
    String flavor = linux ? "cpu-precxx11" : "cpu";
    if (linux && !bridge(folder, version, flavor, platform).exists()) {
      boolean cuda = Files.exists(folder.resolve(System.mapLibraryName("torch_cuda")));
      throw mismatch(
          "PYTORCH_LIBRARY_PATH is set but PYTORCH_FLAVOR is not: DJL would look for its bridge for "
              + flavor
              + ", which "
              + BridgeFiles.available(platform.getClassifier()),
          "Set PYTORCH_FLAVOR=" + (cuda ? "cu128 (for CUDA 12.8)" : "cpu"));
    }
    return flavor;
  }

  /** The libtorch of a jar on the class path, or one that was unpacked before. */
  private static Found packaged(Platform platform) {
    Optional<String> asked = setting("PYTORCH_VERSION");
    boolean other = asked.isPresent() && !platform.getVersion().startsWith(asked.get());
    if (!other && !platform.isPlaceholder()) {
      Path folder = cached(platform.getVersion(), platform.getFlavor(), platform.getClassifier());
      return new Found(
          folder,
          platform.getVersion(),
          platform.getFlavor(),
          "pytorch-native-" + platform.getFlavor() + " on the class path");
    }
    String version = other ? asked.get() : platform.getVersion();
    String flavor = setting("PYTORCH_FLAVOR").orElse(platform.getFlavor());
    Path folder = cached(version, flavor, platform.getClassifier());
    if (Files.exists(folder.resolve(LIBTORCH))) {
      return new Found(folder, version, flavor, folder.toString());
    }
    if (other && !platform.isPlaceholder()) {
      throw mismatch(
          "PYTORCH_VERSION is "
              + version
              + ", but the libtorch on the class path is "
              + platform.getVersion()
              + ": DJL would download the other one",
          "Unset PYTORCH_VERSION, or bring libtorch "
              + version
              + " and name it with PYTORCH_LIBRARY_PATH");
    }
    throw mismatch(
        "there is no libtorch for "
            + platform.getClassifier()
            + " on the class path: DJL would download "
            + version
            + " for "
            + flavor,
        "Add ai.djl.pytorch:pytorch-native-cpu:2.7.1 with the classifier "
            + platform.getClassifier()
            + " to the class path, or name an installed libtorch with PYTORCH_LIBRARY_PATH,"
            + " PYTORCH_VERSION and PYTORCH_FLAVOR");
  }

  private static BridgeFiles bridge(Path folder, String version, String flavor, Platform platform) {
    String classifier = platform.getClassifier();
    return new BridgeFiles(
        List.of(folder, cached(version, flavor, classifier)),
        number(version),
        flavor,
        platform.getApiVersion(),
        classifier);
  }

  private static Path cached(String version, String flavor, String classifier) {
    return Utils.getEngineCacheDir("pytorch").resolve(version + '-' + flavor + '-' + classifier);
  }

  private static Optional<String> setting(String name) {
    return Optional.ofNullable(Utils.getEnvOrSystemProperty(name)).filter(text -> !text.isEmpty());
  }

  private static String number(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches() ? matcher.group(1) : version;
  }

  /** Facts for the compatibility matrix. */
  Map<String, List<String>> facts() {
    Map<String, List<String>> facts = new LinkedHashMap<>();
    facts.put("djl", List.of(djl));
    facts.put("jni", List.of(jni));
    facts.put("libtorch", List.of(libtorch));
    facts.put("platform", List.of(platform));
    cuda.ifPresent(version -> facts.put("cuda", List.of(version)));
    return facts;
  }

  /** What libtorch says itself, else what it was called. */
  private static Optional<String> cuda(Found found) {
    Matcher flavor = CUDA.matcher(found.flavor());
    if (!flavor.matches()) {
      return Optional.empty();
    }
    return own(found.folder(), OWN_CUDA)
        .map(
            digits ->
                digits.substring(0, digits.length() - 1) + "." + digits.charAt(digits.length() - 1))
        .or(() -> Optional.of(flavor.group(1) + "." + flavor.group(2)));
  }

  static HdlException mismatch(String problem, String change) {
    return mismatch(problem, change, null);
  }

  static HdlException mismatch(String problem, String change, @Nullable Throwable cause) {
    return new HdlException(
        ErrorCode.ENVIRONMENT_MISMATCH,
        "Cannot start PyTorch in this JVM: " + problem + ". " + change + ".",
        cause);
  }
}
