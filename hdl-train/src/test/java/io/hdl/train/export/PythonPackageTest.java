package io.hdl.train.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonPackageTest {
  @TempDir Path home;

  private static List<String> modules(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".py"))
          .sorted()
          .toList();
    }
  }

  @Test
  void writesAllModulesThatThereAre() throws IOException, URISyntaxException {
    URL source =
        Objects.requireNonNull(
            PythonPackage.class.getResource("python/hdl_forecasters"), "hdl_forecasters");
    List<String> expected = modules(Path.of(source.toURI()));
    Path written = PythonPackage.writeTo(home.resolve("python"));
    assertThat(written).isEqualTo(home.resolve("python").resolve("hdl_forecasters"));
    assertThat(modules(written)).isEqualTo(expected).contains("reader.py", "nhits.py");
    assertThat(Files.readString(written.resolve("__init__.py"))).contains("hdl_forecasters.load");
  }

  @Test
  void replacesAnOlderOne() throws IOException {
    Path written = PythonPackage.writeTo(home);
    Files.writeString(written.resolve("old.py"), "");
    PythonPackage.writeTo(home);
    assertThat(written.resolve("old.py")).doesNotExist();
    assertThat(written.resolve("reader.py")).exists();
  }
}
