package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another Hadoop file system, by the settings that name it. */
class OtherHadoopStoreTest {
  @TempDir Path bucket;
  @TempDir Path folder;

  @Test
  void publishesReadsListsAndDeletesThroughItsConnector() throws IOException {
    Configuration settings = new Configuration(false);
    settings.setClass("fs.gs.impl", BucketFiles.class, FileSystem.class);
    settings.set("bucket.root", bucket.toString());
    URI table = URI.create("gs://bucket/t");
    URI file = URI.create("gs://bucket/t/a%20b");
    Path source = Files.writeString(folder.resolve("source"), "0123456789");
    try (LakeStore store = LakeStore.open(LakeAccess.from(Map.of()), () -> settings)) {
      assertThat(store.list(table)).isEmpty();
      assertThat(store.stat(file)).isEmpty();
      assertThat(store.publish(source, file).size()).isEqualTo(10);
      assertThat(bucket.resolve("t/a b")).hasContent("0123456789");
      try (InputStream in = store.read(file, 3, 4)) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("3456");
      }
      try (RangeResponse range = store.ranges().open(file, 8, 2, RangeReader.ANY_VERSION)) {
        assertThat(range.objectSize()).isEqualTo(10);
        assertThat(range.body().readAllBytes()).asString().isEqualTo("89");
      }
      assertThat(store.list(table)).extracting(ObjectStore.Stat::uri).containsExactly(file);
      assertThat(store.stat(table)).isEmpty();
      store.delete(table);
      store.delete(file);
      store.delete(file);
      assertThat(store.list(table)).isEmpty();
      assertThatThrownBy(() -> store.read(file, 0, 1))
          .isInstanceOf(HdlException.class)
          .hasMessage("Cannot read " + file + ": it does not exist. Check the address.");
    }
  }
}
