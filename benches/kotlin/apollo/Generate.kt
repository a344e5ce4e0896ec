import com.apollographql.apollo.compiler.ApolloCompiler
import com.apollographql.apollo.compiler.CodegenSchemaOptions
import com.apollographql.apollo.compiler.TargetLanguage
import com.apollographql.apollo.compiler.buildCodegenOptions
import com.apollographql.apollo.compiler.buildIrOptions
import com.apollographql.apollo.compiler.codegen.writeTo
import com.apollographql.apollo.compiler.toInputFiles
import java.io.File

/**
 * What Apollo's Gradle plugin does, with the same compiler and its defaults: `Generate SCHEMA FOLDER DOCUMENT…`. Ids and
 * moments are mapped to text, which is less work than the SDK does for them.
 */
fun main(args: Array<String>) {
    val text = listOf("UUID", "DateTime", "Date", "JSONString").associateWith { "kotlin.String" }
    val adapter = "com.apollographql.apollo.api.StringAdapter"
    val sources =
        ApolloCompiler.buildSchemaAndOperationsSources(
            schemaFiles = listOf(File(args[0])).toInputFiles(),
            executableFiles = args.drop(2).map(::File).toInputFiles(),
            codegenSchemaOptions =
                CodegenSchemaOptions(
                    scalarTypeMapping = text,
                    scalarAdapterMapping = text.mapValues { adapter },
                    generateDataBuilders = false,
                ),
            irOptions = buildIrOptions(),
            codegenOptions =
                buildCodegenOptions(packageName = "bench.apollo", targetLanguage = TargetLanguage.KOTLIN_1_9),
            layoutFactory = null,
            operationIdsGenerator = null,
            irOperationsTransform = null,
            javaOutputTransform = null,
            kotlinOutputTransform = null,
            documentTransform = null,
            schemaDocumentTransform = null,
            logger = null,
            operationManifestFile = null,
        )
    sources.writeTo(File(args[1]), deleteDirectoryFirst = true, codegenSymbolsFile = null)
}
