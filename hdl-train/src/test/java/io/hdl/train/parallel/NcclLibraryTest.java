package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NcclLibraryTest {
  @TempDir Path folder;

  @Test
  void writesThroughTheAddressOfATensor() {
    try (NDManager manager = TorchEngine.start().newBaseManager(Device.cpu())) {
      NDArray array = manager.create(new float[] {1, 2, 3, 4});
      Pointer address = TorchLibrary.address(array);
      address.setFloat(8, 42);
      assertThat(array.toFloatArray()).containsExactly(1, 2, 42, 4);

      NDArray view = array.get("1:3");
      assertThat(TorchLibrary.address(view)).isEqualTo(address.share(4));
    }
  }

  @Test
  void aFolderWithoutNcclIsNamedAndNothingElseIsTaken() {
    assumeNoNccl();
    assertThatThrownBy(() -> NcclLibrary.find(Optional.of(folder)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT_MISMATCH))
        .hasMessageStartingWith("Cannot exchange gradients between GPUs: NCCL was not found.")
        .hasMessageContaining("libtorch (" + TorchLibrary.folder() + " is a build for the CPU)")
        .hasMessageContaining("loaded already, libnccl.so.2 (")
        .hasMessageContaining("HDL_NCCL_LIBRARY, " + folder.resolve("libnccl.so.2"))
        .hasMessageContaining("Install NCCL 2 for this machine's CUDA")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("the system's"));
  }

  @Test
  void aLibraryWithoutNcclsFunctionsIsNotTaken() {
    assumeNoNccl();
    Path libtorch = TorchLibrary.folder().resolve(System.mapLibraryName("c10"));
    assertThatThrownBy(() -> NcclLibrary.find(Optional.of(libtorch)))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("ncclGetVersion");
  }

  private static void assumeNoNccl() {
    assumeTrue(
        !Files.exists(TorchLibrary.cudaFile()) && named() == null,
        "Skipped: this JVM has an NCCL, of libtorch or named by " + NcclLibrary.PROPERTY + ".");
  }

  private static @Nullable String named() {
    return System.getProperty(NcclLibrary.PROPERTY, System.getenv(NcclLibrary.VARIABLE));
  }

  private static NcclLibrary real() {
    String named = named();
    assumeTrue(
        named != null,
        "Skipped: no NCCL is named by the property "
            + NcclLibrary.PROPERTY
            + " (its file or folder).");
    return NcclLibrary.find(Optional.of(Path.of(named)));
  }

  @Test
  void findsTheFunctionsOfTheNcclThatIsNamed() {
    NcclLibrary nccl = real();
    assertThat(nccl.version()).matches("2\\.\\d+\\.\\d+");
    assertThat(nccl.describe(1, null)).startsWith("unhandled cuda error").contains("(NCCL error 1");
    assertThat(nccl.functions().ncclGetErrorString(5))
        .isEqualTo("invalid usage (run with NCCL_DEBUG=WARN for details)");
  }

  @Test
  void anIdOfTheNcclThatIsNamedIsReadWhole() {
    NcclLibrary nccl = real();
    try (Memory memory = new Memory(NcclFunctions.UNIQUE_ID_BYTES)) {
      int result = nccl.functions().ncclGetUniqueId(memory);
      assertThat(result).as("%s", nccl.describe(result, null)).isEqualTo(NcclFunctions.SUCCESS);
      NcclFunctions.UniqueId id = NcclFunctions.UniqueId.read(memory);
      assertThat(id.size()).isEqualTo(128);
      assertThat(id.internal).contains(memory.getByteArray(0, 128));
      assertThat(id.internal).isNotEqualTo(new byte[128]);
    }
  }

  @Test
  void withoutAGpuTheNcclThatIsNamedTellsWhyItDoesNotStart() {
    NcclLibrary nccl = real();
    assumeTrue(TorchEngine.start().getGpuCount() == 0, "Skipped: this machine has GPUs.");
    FakeNccl streams = new FakeNccl();
    assertThatThrownBy(
            () -> new NcclCollective(nccl, streams, List.of(0, 1), Duration.ofSeconds(5)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT_MISMATCH))
        .hasMessageContaining("Cannot connect GPUs [0, 1] with NCCL " + nccl.version())
        .hasMessageContaining("NCCL error");
  }
}
