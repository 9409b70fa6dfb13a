package io.hdl.train.model;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The files of a TorchScript module as {@code torch.jit.save} writes them: a zip archive of code
 * and arrays. DJL shows a module's parameters and hides its buffers, such as a batch norm's running
 * statistics. So the code's lists are changed before a module is opened, {@code __buffers__} into
 * {@code __parameters__}, and changed back after it was written. Immutable.
 */
final class TorchScriptArchive {
  private static final Pattern LISTS =
      Pattern.compile(
          "class (\\w+)\\(Module\\):\\s+__parameters__ = \\[(.*?)\\]\\s+__buffers__ = \\[(.*?)\\]");
  private static final Pattern ROOT = Pattern.compile("c([\\w.]+)\n(\\w+)\n");
  private static final Pattern STORAGE = Pattern.compile("ctorch\n(\\w+)Storage\n");
  private static final Pattern DEVICE = Pattern.compile("torch\\.device\\(\"(\\w+)");
  private static final Pattern RANDOM =
      Pattern.compile("torch\\.\\w*(dropout|rand|bernoulli|multinomial|normal)\\w*\\(");

  private final Map<String, byte[]> files;

  private TorchScriptArchive(Map<String, byte[]> files) {
    this.files = files;
  }

  /**
   * Reads an archive and refuses what cannot be trained.
   *
   * @throws HdlException with {@code NOT_FOUND}, {@code CORRUPT_DATA}, or {@code
   *     UNSUPPORTED_FEATURE} for a traced module, one with arrays that are not float32, or one
   *     whose code names a device
   */
  static TorchScriptArchive read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot load the TorchScript module "
              + file
              + ": there is no such file. Name the file that torch.jit.save wrote.");
    }
    TorchScriptArchive archive = unpacked(file);
    archive.check(file);
    return archive;
  }

  private static TorchScriptArchive unpacked(Path file) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        // The first folder has the archive's own name.
        files.put(name.substring(name.indexOf('/') + 1), zip.getInputStream(entry).readAllBytes());
      }
    } catch (ZipException e) {
      throw corrupt(file, "it is no archive (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
    return new TorchScriptArchive(files);
  }

  private static HdlException corrupt(Path file, String why, Exception cause) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot load the TorchScript module "
            + file
            + ": "
            + why
            + ". Write it with torch.jit.save(torch.jit.script(module), path).",
        cause);
  }

  private void check(Path file) {
    if (!files.containsKey("data.pkl") || files.keySet().stream().noneMatch(this::isCode)) {
      throw corrupt(file, "it holds no TorchScript code", new IOException("no data.pkl or code"));
    }
    if (files.containsKey("traced_inputs.pkl")) {
      throw unsupported(
          file,
          "it was traced, which fixes what depends on the mode and on the batch",
          "Use torch.jit.script(module) in place of torch.jit.trace.");
    }
    Matcher storage = STORAGE.matcher(latin("data.pkl"));
    while (storage.find()) {
      String type = storage.group(1);
      if (!type.equals("Float")
          && !type.equals("Long")
          && !type.equals("Int")
          && !type.equals("Bool")) {
        throw unsupported(
            file,
            "it holds arrays of type " + type + " (expected: float32)",
            "Call module.float() before torch.jit.script.");
      }
    }
    for (String name : files.keySet()) {
      Matcher device = DEVICE.matcher(isCode(name) ? latin(name) : "");
      while (device.find()) {
        if (!device.group(1).equals("cpu")) {
          throw unsupported(
              file,
              "its code names the device " + device.group(1),
              "Make new arrays on the device of an input, as in torch.zeros(n,"
                  + " device=target.device).");
        }
      }
    }
  }

  private static HdlException unsupported(Path file, String why, String instead) {
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot load the TorchScript module " + file + ": " + why + ". " + instead);
  }

  private boolean isCode(String name) {
    return name.startsWith("code/") && name.endsWith(".py");
  }

  private String latin(String name) {
    return new String(Objects.requireNonNull(files.get(name), name), StandardCharsets.ISO_8859_1);
  }

  /**
   * Number of arguments of the module's forward method.
   *
   * @return -1 if the code does not tell
   */
  int forwardArguments() {
    Matcher root = ROOT.matcher(latin("data.pkl"));
    if (!root.find()) {
      return -1;
    }
    String file = "code/" + root.group(1).replace('.', '/') + ".py";
    if (!files.containsKey(file)) {
      return -1;
    }
    Pattern forward =
        Pattern.compile(
            "class " + root.group(2) + "\\(Module\\):.*?def forward\\((.*?)\\) ->", Pattern.DOTALL);
    Matcher found = forward.matcher(latin(file));
    return found.find() ? (int) found.group(1).chars().filter(c -> c == ':').count() - 1 : -1;
  }

  /** Whether the code draws random numbers, as dropout does. */
  boolean isRandom() {
    return files.keySet().stream()
        .anyMatch(name -> isCode(name) && RANDOM.matcher(latin(name)).find());
  }

  /** Whether the code norms over a batch. */
  boolean hasBatchNorm() {
    return files.keySet().stream()
        .anyMatch(name -> isCode(name) && latin(name).contains("batch_norm("));
  }

  /** SHA-256 of the code, in hex: the same for the same module whatever its weights are. */
  String codeSha256() {
    Hasher hasher = Hashing.sha256().newHasher();
    new TreeMap<>(files)
        .forEach(
            (name, bytes) -> {
              if (isCode(name)) {
                hasher.putString(name, StandardCharsets.UTF_8).putInt(bytes.length).putBytes(bytes);
              }
            });
    return hasher.hash().toString();
  }

  /** The archive whose buffers are parameters. */
  byte[] withVisibleBuffers() {
    Map<String, byte[]> changed = new LinkedHashMap<>(files);
    changed.replaceAll(
        (name, bytes) ->
            isCode(name)
                ? LISTS
                    .matcher(latin(name))
                    .replaceAll("class $1(Module):\n  __parameters__ = [$2$3]\n  __buffers__ = []")
                    .getBytes(StandardCharsets.ISO_8859_1)
                : bytes);
    return zipped(changed);
  }

  /**
   * A module that was opened with visible buffers and written, with the lists as they were here.
   *
   * @param written what was written
   * @param to takes the archive
   */
  void restore(Path written, OutputStream to) throws IOException {
    Map<String, byte[]> changed = new LinkedHashMap<>(unpacked(written).files);
    changed.replaceAll(
        (name, bytes) -> isCode(name) && files.containsKey(name) ? listsOf(name, bytes) : bytes);
    to.write(zipped(changed));
  }

  private byte[] listsOf(String name, byte[] written) {
    Map<String, String> original = new LinkedHashMap<>();
    Matcher here = LISTS.matcher(latin(name));
    while (here.find()) {
      original.put(here.group(1), here.group());
    }
    return LISTS
        .matcher(new String(written, StandardCharsets.ISO_8859_1))
        .replaceAll(
            match -> Matcher.quoteReplacement(original.getOrDefault(match.group(1), match.group())))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] zipped(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        CRC32 checksum = new CRC32();
        checksum.update(file.getValue());
        ZipEntry entry = new ZipEntry("module/" + file.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setTime(0);
        entry.setSize(file.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
