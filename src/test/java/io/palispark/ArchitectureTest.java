package io.palispark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The import table of the architecture page. */
class ArchitectureTest {

    private static final JavaClasses PALISPARK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.palispark");

    private static final List<String> PURE = List.of(
            "geometry",
            "token",
            "image",
            "tensor",
            "vqvae",
            "paligemma",
            "annotation",
            "dataset",
            "evaluation",
            "report");

    private static Map<String, List<String>> mayImport() {
        Map<String, List<String>> table = new LinkedHashMap<>();
        table.put("geometry", List.of());
        table.put("token", List.of("geometry"));
        table.put("image", List.of("geometry"));
        table.put("tensor", List.of());
        table.put("vqvae", List.of("tensor", "geometry", "token"));
        table.put("paligemma", List.of("tensor", "token", "image"));
        table.put("annotation", List.of("geometry"));
        table.put("dataset", List.of("geometry", "token", "annotation"));
        table.put("evaluation", List.of("geometry", "token"));
        table.put("report", List.of("dataset", "evaluation"));
        table.put("spark", PURE);
        List<String> belowJob = new ArrayList<>(PURE);
        belowJob.add("spark");
        table.put("job", belowJob);
        table.put("cli", List.of("job"));
        return table;
    }

    static Stream<String> packages() {
        return mayImport().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void importsOnlyWhatTheTableAllows(String name) {
        List<String> allowed = mayImport().get(name);
        String[] forbidden = mayImport().keySet().stream()
                .filter(other -> !other.equals(name) && !allowed.contains(other))
                .map(other -> "io.palispark." + other + "..")
                .toArray(String[]::new);
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage("io.palispark." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .allowEmptyShould(true);
        rule.check(PALISPARK);
    }

    @Test
    void everyPackageStandsInTheTable() {
        Stream<String> unknown = PALISPARK.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("io.palispark."))
                .map(name -> name.substring("io.palispark.".length()).split("\\.")[0])
                .filter(name -> !mayImport().containsKey(name))
                .distinct();
        Assertions.assertThat(unknown).isEmpty();
    }

    @Test
    void onlyTheEdgesKnowSpark() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.palispark.spark..", "io.palispark.job..", "io.palispark.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
                .check(PALISPARK);
    }

    @Test
    void onlyTensorKnowsOnnxRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.palispark.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .allowEmptyShould(true)
                .check(PALISPARK);
    }

    /** What a file holds is parsed; no byte of it becomes an object by Java's own deserialisation. */
    @Test
    void noFileIsDeserialised() {
        noClasses()
                .that()
                .resideInAPackage("io.palispark..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.beans.XMLDecoder")
                .check(PALISPARK);
    }

    @Test
    void onlyTheWeightsAndTheContentGuardUseTheNetwork() {
        noClasses()
                .that()
                .haveNameNotMatching("io.palispark.job.(WeightsFile|ContentGuard|CappedBody)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.Socket")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.URLConnection")
                .check(PALISPARK);
    }

    @Test
    void namesAreTheFieldsOwn() {
        classes()
                .that()
                .resideInAPackage("io.palispark..")
                .should()
                .haveNameNotMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)$")
                .check(PALISPARK);
    }
}
