package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFunctionsTest {
  /** An archive holds the checksum of the source that it was made of. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "optim/fused_adam",
        "optim/flat_functions",
        "optim/tensor_lists",
        "model/dense_layers",
        "model/window_tensors"
      })
  void anArchiveIsMadeOfTheSourceBesideIt(String path) throws IOException {
    byte[] source = read(path + ".py").readAllBytes();
    String name = path.substring(path.indexOf('/') + 1);
    assertThat(entry(read(path + ".pt"), name + "/extra/source.sha256"))
        .as("run %s.py again", path)
        .isEqualTo(Hashing.sha256().hashBytes(source).toString());
  }

  private static InputStream read(String path) {
    return Objects.requireNonNull(
        TorchFunctionsTest.class.getResourceAsStream("/io/hdl/train/" + path), path);
  }

  private static String entry(InputStream archive, String name) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(archive)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(name)) {
          return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    return "no " + name;
  }
}
