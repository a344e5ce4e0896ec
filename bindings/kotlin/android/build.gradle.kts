// Not run by this project's tests: see README.md.
plugins {
    id("com.android.library") version "8.9.0"
    id("org.jetbrains.kotlin.android") version "2.4.10"
    id("org.jetbrains.kotlin.plugin.serialization") version "2.4.10"
    id("maven-publish")
}

group = "io.github.pluvosdk"
version = "0.1.0"

android {
    namespace = "io.github.pluvosdk"
    compileSdk = 35
    ndkVersion = "28.0.13004108"
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    sourceSets["main"].java.srcDirs("../src/main/kotlin", "build/native/kotlin")
    publishing { singleVariant("release") { withSourcesJar() } }
}

kotlin {
    jvmToolchain(17)
    explicitApi()
}

// It starts the command `pluvo`, which no device has.
tasks.withType<org.jetbrains.kotlin.gradle.tasks.KotlinCompile>().configureEach {
    exclude("io/github/pluvosdk/testing/**")
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.11.0")
    api("org.jetbrains.kotlinx:kotlinx-serialization-json:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
}

publishing {
    publications.register<MavenPublication>("release") {
        artifactId = "pluvo-sdk-android"
        afterEvaluate { from(components["release"]) }
    }
}
