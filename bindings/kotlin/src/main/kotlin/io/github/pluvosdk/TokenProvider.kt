package io.github.pluvosdk

import io.github.pluvosdk.internal.ProviderException
import io.github.pluvosdk.internal.Token
import kotlinx.coroutines.CancellationException
import kotlin.time.Duration
import kotlin.time.DurationUnit
import io.github.pluvosdk.internal.TokenProvider as NativeProvider

/**
 * Hands out access tokens.
 *
 * An app on a phone must never ship Pluvo's client secret: whoever has the app has the secret. So the app asks its own
 * back end, which knows the person and gets the token from Pluvo.
 *
 * ```kotlin
 * val pluvo = Pluvo(organization = "acme", token = {
 *     val answer = backend.pluvoToken()
 *     AccessToken(answer.token, expiresIn = answer.secondsLeft.seconds)
 * })
 * ```
 *
 * It is asked by one call at a time, again shortly before the token ends, and when the server refuses it. Whatever it
 * throws makes the calls that wait fail with [PluvoException.Auth], which carries its message.
 */
public fun interface TokenProvider {
    /** A token that can be used now. */
    public suspend fun token(): AccessToken
}

/**
 * A token of the API.
 *
 * @property expiresIn How long it lives from now on; where nothing is said it is used until the server refuses it.
 */
public class AccessToken(internal val value: String, public val expiresIn: Duration? = null) {
    /** Without the token. */
    override fun toString(): String = "AccessToken(***, expiresIn=$expiresIn)"
}

internal class ProviderAdapter(private val provider: TokenProvider) : NativeProvider {
    @Suppress("TooGenericExceptionCaught")
    override suspend fun token(): Token = try {
        val token = provider.token()
        Token(token.value, token.expiresIn?.toDouble(DurationUnit.SECONDS))
    } catch (e: CancellationException) {
        throw e
    } catch (e: Exception) {
        throw ProviderException.Failed(e.message ?: e::class.java.simpleName)
    }
}
