package io.hdl.tracking.model;

import io.hdl.core.job.PythonLoader;
import io.hdl.core.storage.AtomicPublish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What has to be installed to load a model, for pip, conda and virtual environments. */
final class Environment {
  static final String CONDA = "conda.yaml";
  static final String VIRTUALENV = "python_env.yaml";
  static final String REQUIREMENTS = "requirements.txt";

  /** A server of models has MLflow itself installed; any release that reads the directory. */
  private static final String MLFLOW = "mlflow>=2.9";

  private Environment() {}

  static void write(PythonLoader loader, Path folder) {
    List<String> packages = new ArrayList<>(List.of(MLFLOW));
    packages.addAll(loader.requirements());
    AtomicPublish.text(folder.resolve(REQUIREMENTS), String.join("\n", packages) + "\n");
    AtomicPublish.text(
        folder.resolve(VIRTUALENV),
        """
        python: %s
        build_dependencies:
        - pip
        - setuptools
        - wheel
        dependencies:
        - -r requirements.txt
        """
            .formatted(ModelYaml.scalar(loader.pythonVersion())));
    StringBuilder conda =
        new StringBuilder(
            """
            channels:
            - conda-forge
            dependencies:
            - python=%s
            - pip
            - pip:
            """
                .formatted(loader.pythonVersion()));
    packages.forEach(name -> conda.append("  - ").append(ModelYaml.scalar(name)).append('\n'));
    AtomicPublish.text(folder.resolve(CONDA), conda.append("name: mlflow-env\n").toString());
  }
}
