package io.hdl.benchmarks.lake;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** hadoop-azure: one stream with its read-ahead, into a file. */
final class HadoopTransfer implements Transfer {
  private static final int BUFFER = 1 << 17;

  private final FileSystem files;
  private final org.apache.hadoop.fs.Path path;

  HadoopTransfer(LakeFile file, boolean tuned) throws Exception {
    String host = file.account() + ".dfs.core.windows.net";
    String scheme = file.isSecure() ? "abfss" : "abfs";
    Configuration settings = new Configuration(false);
    settings.set("fs.abfs.impl", "org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem");
    settings.set("fs.abfss.impl", "org.apache.hadoop.fs.azurebfs.SecureAzureBlobFileSystem");
    settings.set(
        "fs.azure.abfs.endpoint", file.endpoint().getHost() + ":" + file.endpoint().getPort());
    settings.setBoolean("fs.azure.always.use.https", file.isSecure());
    settings.set("fs.azure.networking.library", "JDK_HTTP_URL_CONNECTION");
    settings.set("fs.azure.ssl.channel.mode", "Default_JSSE");
    settings.setBoolean("fs.azure.account.hns.enabled", true);
    settings.setBoolean("fs.azure.skipUserGroupMetadataDuringInitialization", true);
    settings.set("fs.azure.account.key." + host, file.key());
    if (tuned) {
      settings.setInt("fs.azure.read.request.size", RANGE);
      settings.setInt("fs.azure.readaheadqueue.depth", PARALLEL);
    }
    URI root = URI.create(scheme + "://" + file.container() + "@" + host + "/");
    files = FileSystem.newInstance(root, settings);
    path = new org.apache.hadoop.fs.Path(root.resolve(file.name()));
  }

  @Override
  public void fetch(Path target) throws Exception {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = files.open(path);
        OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    }
  }

  @Override
  public void close() throws Exception {
    files.close();
  }
}
