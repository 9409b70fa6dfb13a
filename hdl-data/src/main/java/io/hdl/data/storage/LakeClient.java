package io.hdl.data.storage;

import com.azure.core.http.HttpPipeline;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore.Stat;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container of an account with one credential: Hadoop's driver for what is small, the SDK for
 * what is published, plain ranged requests for what is large. Each is made when it is first needed.
 * Thread-safe; owned by those who hold it, see {@link LakeClients}.
 */
final class LakeClient implements LakeFiles {
  private final LakeAddress container;
  private final LakeEndpoint endpoint;
  private final LakeCredential credential;
  private final LakeAccess access;
  private @Nullable Boolean hierarchical;
  private @Nullable HadoopFiles files;
  private @Nullable Upload upload;
  private @Nullable HttpRanges ranges;
  private String tokens = "";
  private boolean closed;

  LakeClient(LakeAddress address, LakeCredential credential, LakeAccess access) {
    container =
        new LakeAddress(
            address.scheme(), address.account(), address.container(), "", address.host());
    endpoint = LakeEndpoint.of(address, access.endpoint());
    this.credential = credential;
    this.access = access;
  }

  @Override
  public Optional<Stat> stat(LakeAddress file) {
    return files().stat(file);
  }

  @Override
  public List<Stat> list(LakeAddress folder, String firstName) {
    return files().list(folder, firstName);
  }

  @Override
  public InputStream read(LakeAddress file, long offset, long length) {
    return files().read(file, offset, length);
  }

  @Override
  public Stat publish(Path source, LakeAddress target) {
    upload().send(source, target);
    return stat(target)
        .orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.UNKNOWN_OUTCOME,
                    "Published "
                        + target
                        + ", but it is gone: somebody removed it meanwhile. Publish it again."));
  }

  @Override
  public void delete(LakeAddress file) {
    files().delete(file);
  }

  /** Ranges of this container's objects. */
  synchronized HttpRanges ranges() {
    checkOpen();
    if (ranges == null) {
      ranges =
          HttpRanges.builder(credential.signer(container.account()))
              .targets(uri -> endpoint.target(LakeAddress.of(uri)))
              .idleTimeout(access.idleTimeout())
              .failures(
                  uri ->
                      new StorageFailure(LakeAddress.of(uri), endpoint, credential.description()))
              .build();
    }
    return ranges;
  }

  private synchronized HadoopFiles files() {
    checkOpen();
    if (files == null) {
      boolean folders = isHierarchical();
      if (credential instanceof LakeCredential.Tokens source) {
        tokens = HadoopTokens.lend(source.source());
      }
      try {
        files =
            HadoopFiles.abfs(
                container,
                endpoint,
                HadoopSettings.of(
                    container, endpoint, credential, tokens, folders, access.idleTimeout()),
                credential.description(),
                access.retry());
      } finally {
        if (files == null) {
          HadoopTokens.takeBack(tokens);
        }
      }
    }
    return files;
  }

  private synchronized Upload upload() {
    checkOpen();
    if (upload == null) {
      HttpPipeline pipeline =
          SdkPipeline.of(credential.signer(container.account()), access.idleTimeout());
      String identity = credential.description();
      upload =
          isHierarchical()
              ? new HierarchicalUpload(container, endpoint, pipeline, identity, access.retry())
              : new FlatUpload(endpoint, pipeline, identity, access.retry());
    }
    return upload;
  }

  private synchronized boolean isHierarchical() {
    if (hierarchical == null) {
      hierarchical = NamespaceProbe.isHierarchical(container, endpoint, credential, access);
    }
    return hierarchical;
  }

  private void checkOpen() {
    if (closed) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "Cannot use " + container + ": the store is closed.");
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (HttpRanges openRanges = ranges;
        HadoopFiles openFiles = files) {
      HadoopTokens.takeBack(tokens);
    }
  }
}
