package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.Platform;
import io.hdl.core.environment.Compatibility;
import io.hdl.core.environment.Gpu;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What does not fit is found before DJL would download. In JVMs of their own with an empty cache
 * and with DJL allowed to use the network, which each of them watches.
 */
class PreflightTest {
  private static final String LIBTORCH = System.mapLibraryName("torch");

  @TempDir Path folder;

  private Path put(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A folder that looks like a libtorch's. */
  private String libtorch() {
    put("torch/lib/" + LIBTORCH, "x");
    return folder.resolve("torch/lib").toString();
  }

  /** What the check says; fails if it asked the network or left a file. */
  private String check(Map<String, String> variables) throws IOException {
    Path classPath = Files.createDirectories(folder.resolve("classpath"));
    Path cache = Files.createDirectories(folder.resolve("cache"));
    Map<String, String> all = new HashMap<>(variables);
    all.put("DJL_CACHE_DIR", cache.toString());
    all.put("DJL_OFFLINE", "false");
    ChildJvm.Result result = ChildJvm.run(PreflightMain.class, all, classPath.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).doesNotContain("NETWORK");
    try (Stream<Path> files = Files.walk(cache)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
    return result.out().strip();
  }

  @Test
  void anEngineThatTheBridgeIsNotOf() throws IOException {
    put("classpath/pytorch-engine.properties", "djl_version=0.36.0\npytorch_version=2.7.1\n");
    assertThat(check(Map.of()))
        .startsWith(
            "ENVIRONMENT_MISMATCH Cannot start PyTorch in this JVM: DJL 0.36.0 with libtorch")
        .contains("needs the bridge pytorch-jni 2.7.1-0.36.0")
        .contains("but the one on the class path is 2.7.1-0.35.1")
        .contains("hdl is built with DJL 0.35.1, pytorch-jni 2.7.1-0.35.1 and libtorch 2.7.1");
  }

  @Test
  void noBridge() throws IOException {
    put("classpath/jnilib/pytorch.properties", "");
    assertThat(check(Map.of()))
        .contains("DJL's bridge to libtorch 2.7.1 is missing: DJL would download it")
        .contains("Add ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 to the class path");
  }

  @Test
  void noLibtorch() throws IOException {
    put("classpath/native/lib/pytorch.properties", "");
    assertThat(check(Map.of()))
        .contains("there is no libtorch for " + platform() + " on the class path")
        .contains("DJL would download 2.7.1 for cpu")
        .contains("Add ai.djl.pytorch:pytorch-native-cpu:2.7.1 with the classifier " + platform());
  }

  @Test
  void aLibtorchForAnotherMachine() throws IOException {
    put(
        "classpath/native/lib/pytorch.properties",
        "version=2.7.1\nflavor=cpu\nclassifier=plan9-mips\nlibraries=libtorch.so\n");
    assertThat(check(Map.of())).contains("there is no libtorch for " + platform());
  }

  @Test
  void anotherVersionThanTheJarsWithoutALibtorchOfIt() throws IOException {
    assertThat(check(Map.of("PYTORCH_VERSION", "2.5.1")))
        .contains("PYTORCH_VERSION is 2.5.1, but the libtorch on the class path is 2.7.1")
        .contains("Unset PYTORCH_VERSION");
  }

  @Test
  void aNamedFolderWithoutLibtorch() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertThat(check(Map.of("PYTORCH_LIBRARY_PATH", empty.toString())))
        .contains("PYTORCH_LIBRARY_PATH is " + empty + ", where no " + LIBTORCH + " lies");
  }

  @Test
  void aNamedLibtorchWithoutAFlavor() throws IOException {
    String lib = libtorch();
    assertThat(check(Map.of("PYTORCH_LIBRARY_PATH", lib)))
        .contains("PYTORCH_FLAVOR is not: DJL would look for its bridge for cpu-precxx11")
        .contains("which has only cpu and cu128. Set PYTORCH_FLAVOR=cpu.");
  }

  @Test
  void aNamedLibtorchOfAnotherVersion() throws IOException {
    String lib = libtorch();
    put("torch/version.py", "__version__ = '2.6.0+cu124'\n");
    assertThat(check(Map.of("PYTORCH_LIBRARY_PATH", lib, "PYTORCH_FLAVOR", "cpu")))
        .contains("is 2.6.0, but the bridge would be taken for 2.7.1")
        .contains("Set PYTORCH_VERSION=2.6.0 with a bridge for it, or bring libtorch 2.7.1");
    assertThat(
            check(
                Map.of(
                    "PYTORCH_LIBRARY_PATH", lib,
                    "PYTORCH_FLAVOR", "cpu",
                    "PYTORCH_VERSION", "2.6.0")))
        .contains("needs the bridge pytorch-jni 2.6.0-0.35.1");
  }

  @Test
  void aNamedLibtorchForTheCpuWithCudasFlavor() throws IOException {
    String lib = libtorch();
    assertThat(check(Map.of("PYTORCH_LIBRARY_PATH", lib, "PYTORCH_FLAVOR", "cu128")))
        .contains(
            "PYTORCH_FLAVOR is cu128, but the libtorch in " + lib + " is a build for the CPU");
  }

  @Test
  void aFlavorThatTheBridgeIsNotMadeFor() throws IOException {
    String lib = libtorch();
    put("torch/lib/" + System.mapLibraryName("torch_cuda"), "x");
    assertThat(check(Map.of("PYTORCH_LIBRARY_PATH", lib, "PYTORCH_FLAVOR", "cu124")))
        .contains("DJL has no bridge for a libtorch of the flavor cu124 on " + platform())
        .contains("pytorch-jni 2.7.1-0.35.1 has only cpu and cu128");
  }

  @Test
  void theCudaIsWhatLibtorchSaysItself() {
    String lib = libtorch();
    put("torch/lib/" + System.mapLibraryName("torch_cuda"), "x");
    put("torch/version.py", "__version__ = '2.7.1+cu126'\n");
    Map<String, String> variables =
        Map.of("PYTORCH_LIBRARY_PATH", lib, "PYTORCH_FLAVOR", "cu128", "DJL_OFFLINE", "false");
    ChildJvm.Result result =
        ChildJvm.run(PreflightMain.class, variables, folder.toString(), "facts");
    assertThat(result.out()).as(result.err()).contains("cuda=[12.6]").contains("libtorch=[2.7.1]");
  }

  @Test
  void whatFitsIsStarted() {
    ChildJvm.Result result =
        ChildJvm.run(PreflightMain.class, Map.of("DJL_OFFLINE", "false"), folder.toString());
    assertThat(result.out().strip()).as(result.err()).isEqualTo("STARTED");
  }

  private static String platform() {
    return Platform.detectPlatform("pytorch").getClassifier();
  }

  private static Compatibility judge(
      @Nullable String cuda, String cudaDriver, String... capabilities) {
    LibtorchFiles files =
        new LibtorchFiles(
            "0.35.1",
            "2.7.1-0.35.1",
            "2.7.1",
            "a test",
            Optional.ofNullable(cuda),
            "linux-x86_64",
            "a test");
    List<Gpu> gpus =
        Stream.of(capabilities).map(cc -> new Gpu(0, "GPU", "GPU-1", 1L << 30, cc)).toList();
    HybridEnvironment environment =
        new HybridEnvironment(
            HybridEnvironment.Kind.GENERIC_HOST,
            "a test",
            gpus,
            Optional.of("570.124"),
            Optional.of(cudaDriver),
            2,
            1L << 30,
            Map.of());
    return Preflight.judge(files, environment);
  }

  @ParameterizedTest
  @CsvSource({
    "12.8, 12.2, 8.0, good, good",
    "12.8, 11.4, 8.0, bad, good",
    "12.8, 12.8, 6.1, good, bad",
    "12.6, 12.8, 6.1, good, good",
    "13.0, 13.0, 8.0, good, unknown"
  })
  void driverAndGpusAreJudgedForABuildForCuda(
      String cuda, String driver, String capability, String ofDriver, String ofGpu) {
    Map<String, String> facts = judge(cuda, driver, capability).facts();
    assertThat(facts.get("driver")).startsWith(ofDriver);
    assertThat(facts.get("gpu")).startsWith(ofGpu);
    assertThat(facts.get("bridge")).startsWith("good");
  }

  @Test
  void theyDoNotMatterToABuildForTheCpu() {
    assertThat(judge(null, "10.1", "3.5").facts()).containsOnlyKeys("matrix", "bridge", "platform");
  }
}
