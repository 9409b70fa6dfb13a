package io.hdl.train.parallel;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.train.ForecastTraining;
import io.hdl.train.model.DLinear;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks the environment of a training on a doctored class path and tells what came of it, and
 * every address that something asked the network for.
 */
final class PreflightMain {
  private PreflightMain() {}

  public static void main(String[] arguments) {
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            System.out.println("NETWORK " + uri);
            throw new IllegalArgumentException("no network in this test");
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
    Thread.currentThread().setContextClassLoader(new DoctoredClassPath(Path.of(arguments[0])));
    if (arguments.length > 1) {
      System.out.println(LibtorchFiles.find().facts());
      return;
    }
    ForecastTraining training = ForecastTraining.of(DLinear.defaults()).context(4).horizon(2);
    try {
      training.checkEnvironment(HybridEnvironment.detect(), new Problems());
      System.out.println("STARTED");
    } catch (HdlException e) {
      System.out.println(e.code() + " " + e.getMessage());
    }
  }
}
