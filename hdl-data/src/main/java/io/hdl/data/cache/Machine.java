package io.hdl.data.cache;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine this process runs on, since it was started last. */
final class Machine {
  /** A name of 16 letters and digits, the same for all processes and containers on one kernel. */
  static final String ID =
      Hashing.sha256().hashString(boot(), StandardCharsets.UTF_8).toString().substring(0, 16);

  private Machine() {}

  private static String boot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "unknown";
      }
    }
  }
}
