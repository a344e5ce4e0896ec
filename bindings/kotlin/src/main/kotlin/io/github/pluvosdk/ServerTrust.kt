package io.github.pluvosdk

import io.github.pluvosdk.internal.TrustException
import java.io.ByteArrayInputStream
import java.lang.reflect.InvocationTargetException
import java.security.KeyStore
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import io.github.pluvosdk.internal.ServerTrust as NativeTrust

/**
 * Says which servers are trusted, in place of the core: what the device or the JVM trusts, or certificates of one's own.
 *
 * Without one, an Android app trusts Mozilla's authorities, which are built in, and [Settings.certificateAuthority];
 * elsewhere the system's authorities are trusted too.
 *
 * ```kotlin
 * val settings = Settings(trust = ServerTrust.platform())
 * val pluvo = Pluvo(organization = "acme", token = provider, settings = settings)
 * ```
 *
 * The core itself checks that a certificate names the host and that the server holds its key.
 */
public fun interface ServerTrust {
    /**
     * Looks at the certificates of a server at `host`, its own first. It is asked at each new connection, on a thread
     * that works: it should not take long.
     *
     * @throws CertificateException where the server is not to be trusted. Calls then fail with
     *   [PluvoException.Network], which says why.
     */
    @Throws(CertificateException::class)
    public fun check(chain: List<X509Certificate>, host: String)

    public companion object {
        /**
         * What the platform trusts. On Android that is the device's store, with the authorities that its owner or their
         * firm has added as far as the app's network security configuration lets them in, and that configuration's pins;
         * on a JVM its trust store (`cacerts`, or `javax.net.ssl.trustStore`).
         */
        public fun platform(): ServerTrust = of(platformManager())

        /** What a trust manager accepts: one over a store of one's own, or another library's. */
        public fun of(manager: X509TrustManager): ServerTrust = ManagerTrust(manager)

        internal fun platformManager(): X509TrustManager {
            val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
            factory.init(null as KeyStore?)
            return factory.trustManagers.filterIsInstance<X509TrustManager>().first()
        }
    }
}

/**
 * A trust manager as it is asked on a JVM; on Android through `X509TrustManagerExtensions`, which tells it the host: without
 * that it refuses everything in an app that has rules for some hosts. There is no such class to compile against here.
 */
internal class ManagerTrust(
    private val manager: X509TrustManager,
    extensions: Class<*>? = runCatching { Class.forName("android.net.http.X509TrustManagerExtensions") }.getOrNull(),
) : ServerTrust {
    private val android = extensions?.getConstructor(X509TrustManager::class.java)?.newInstance(manager)
    private val byHost = extensions?.getMethod("checkServerTrusted", CHAIN, String::class.java, String::class.java)

    override fun check(chain: List<X509Certificate>, host: String) {
        val certificates = chain.toTypedArray()
        if (byHost == null) return manager.checkServerTrusted(certificates, KEY_EXCHANGE)
        try {
            byHost.invoke(android, certificates, KEY_EXCHANGE, host)
        } catch (e: InvocationTargetException) {
            throw e.targetException
        }
    }

    private companion object {
        val CHAIN: Class<*> = Array<X509Certificate>::class.java

        /** As TLS 1.3 has it, where the certificate says nothing of the exchange of keys. */
        const val KEY_EXCHANGE = "UNKNOWN"
    }
}

internal class TrustAdapter(private val trust: ServerTrust) : NativeTrust {
    @Suppress("TooGenericExceptionCaught")
    override fun check(chain: List<ByteArray>, host: String): Unit = try {
        val factory = CertificateFactory.getInstance("X.509")
        trust.check(chain.map { factory.generateCertificate(ByteArrayInputStream(it)) as X509Certificate }, host)
    } catch (e: Exception) {
        throw TrustException.Refused(e.message ?: e::class.java.simpleName)
    }
}
