package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Secrets in files, one each. */
final class FileSecrets implements SecretProvider {
  private static final long LARGEST = 1 << 20;

  private final Path folder;

  FileSecrets(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public Optional<String> find(String name) {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw new HdlException(
            ErrorCode.INVALID_DATA,
            "Cannot read the secret file " + file + ": it is larger than 1 MiB.");
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      String value = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      value = value.endsWith("\r") ? value.substring(0, value.length() - 1) : value;
      return value.isEmpty() ? Optional.empty() : Optional.of(value);
    } catch (AccessDeniedException e) {
      throw new HdlException(
          ErrorCode.PERMISSION_DENIED,
          "Cannot read the secret file " + file + ": this process may not. Let its user read it.",
          e);
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot read the secret file " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String description() {
    return "files in " + folder;
  }
}
