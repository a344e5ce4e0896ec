package io.github.pluvosdk

import io.github.pluvosdk.internal.Session
import io.github.pluvosdk.internal.TestClock
import io.github.pluvosdk.model.Access
import io.github.pluvosdk.resource.Certificates
import io.github.pluvosdk.resource.Enrollments
import io.github.pluvosdk.resource.ExtraCategories
import io.github.pluvosdk.resource.Files
import io.github.pluvosdk.resource.Groups
import io.github.pluvosdk.resource.OfferEvents
import io.github.pluvosdk.resource.Offers
import io.github.pluvosdk.resource.Portfolio
import io.github.pluvosdk.resource.PortfolioReport
import io.github.pluvosdk.resource.Trainings
import io.github.pluvosdk.resource.Users
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.serializer
import kotlin.time.Duration
import kotlin.time.DurationUnit

/**
 * A client for one organisation in Pluvo.
 *
 * ```kotlin
 * val pluvo = Pluvo(organization = "acme", token = { AccessToken(backend.pluvoToken()) })
 * pluvo.users.list(archived = false).collect { user -> println(user.name) }
 * ```
 *
 * Make one and use it from everywhere: it may be called from any thread, a main thread too, and by any number of
 * coroutines. Making one sends nothing. [close] ends what runs and gives the connections back.
 */
public class Pluvo private constructor(private val core: Core) : AutoCloseable {
    /**
     * A client whose tokens come from the caller's own code: the way for apps, which must never hold a client secret.
     *
     * @param organization The organisation: `acme`, `learn.example.com` or a URL.
     * @param token Hands out tokens, asked from the app's own back end.
     * @param settings How the client works.
     * @param attempts Hears of every HTTP attempt.
     * @throws PluvoException.Config where a setting is wrong.
     */
    public constructor(
        organization: String,
        token: TokenProvider,
        settings: Settings = Settings(),
        attempts: AttemptListener? = null,
    ) : this(open(settings, attempts, token) { put("organization", JsonPrimitive(organization)) })

    /** People. */
    public val users: Users = Users(core)

    /** Groups of people. */
    public val groups: Groups = Groups(core)

    /** Trainings and who takes part in them. */
    public val trainings: Trainings = Trainings(core)

    /** Offers of events. */
    public val offers: Offers = Offers(core)

    /** The events of offers. */
    public val offerEvents: OfferEvents = OfferEvents(core)

    /** Places in events. */
    public val enrollments: Enrollments = Enrollments(core)

    /** Certificates that can be issued. */
    public val certificates: Certificates = Certificates(core)

    /** What people have in their portfolios. */
    public val portfolio: Portfolio = Portfolio(core)

    /** What people have done in trainings and courses. */
    public val portfolioReport: PortfolioReport = PortfolioReport(core)

    /** Fields that an organisation adds. */
    public val extraCategories: ExtraCategories = ExtraCategories(core)

    /** Files. */
    public val files: Files = Files(core)

    /** Gets a token, if there is none yet, and tells what it may do. */
    public suspend fun check(): Access = core.call("check")

    /**
     * Sends a GraphQL document of one's own and gives its data.
     *
     * ```kotlin
     * @Serializable data class Answer(val user: Named?)
     *
     * @Serializable data class Named(val name: String)
     *
     * val document = "query(\$ref: String!) { user(ref: \$ref) { name } }"
     * val answer = pluvo.query<Answer>(document, mapOf("ref" to "EMP-1"))
     * ```
     *
     * A query is repeated when it fails on the way; a mutation is not, unless [repeatable] says that it may be.
     *
     * @param variables The values of its variables: text, numbers, booleans, nulls, lists and maps of these, JSON.
     * @param operationName Which of the document's operations to run, where it has several.
     * @param repeatable Whether a mutation may be sent again when it fails on the way.
     */
    public suspend inline fun <reified T> query(
        document: String,
        variables: Map<String, Any?> = emptyMap(),
        operationName: String? = null,
        repeatable: Boolean? = null,
    ): T = query(document, serializer<T>(), variables, operationName, repeatable)

    /** As the other [query], with the serializer that reads the data. */
    public suspend fun <T> query(
        document: String,
        data: DeserializationStrategy<T>,
        variables: Map<String, Any?> = emptyMap(),
        operationName: String? = null,
        repeatable: Boolean? = null,
    ): T = core.send(QUERY, data, queryRequest(document, variables, operationName, repeatable, partial = false))

    /** As [query], but gives data with the errors that stand beside it, instead of failing. */
    public suspend inline fun <reified T : Any> queryPartial(
        document: String,
        variables: Map<String, Any?> = emptyMap(),
        operationName: String? = null,
        repeatable: Boolean? = null,
    ): Partial<T> = queryPartial(document, serializer<Partial<T>>(), variables, operationName, repeatable)

    /** As the other [queryPartial], with the serializer that reads the answer. */
    public suspend fun <T> queryPartial(
        document: String,
        answer: DeserializationStrategy<Partial<T>>,
        variables: Map<String, Any?> = emptyMap(),
        operationName: String? = null,
        repeatable: Boolean? = null,
    ): Partial<T> =
        core.send(QUERY, answer, queryRequest(document, variables, operationName, repeatable, partial = true))

    /**
     * A client with other defaults for its calls that shares everything else with this one: connections, token, limits.
     * Each of the two is closed by itself.
     *
     * ```kotlin
     * val user = pluvo.withOptions(timeout = 5.seconds, maxAttempts = 1).users.get(ref = "EMP-1")
     * ```
     *
     * @param timeout How long each attempt may take.
     * @param maxAttempts Attempts in all; 1 repeats nothing.
     * @param total How long all attempts may take together.
     * @param maxBody The most bytes of an answer.
     * @param paging How lists are read.
     */
    public fun withOptions(
        timeout: Duration? = null,
        maxAttempts: Int? = null,
        total: Duration? = null,
        maxBody: Long? = null,
        paging: Paging? = null,
    ): Pluvo {
        val options =
            arguments {
                put("timeout", timeout?.toDouble(DurationUnit.SECONDS))
                put("maxAttempts", maxAttempts)
                put("total", total?.toDouble(DurationUnit.SECONDS))
                put("maxBody", maxBody)
                put("paging", paging)
            }
        return Pluvo(core.native { Core(core.session.withOptions(options.toString())) })
    }

    /**
     * Ends every call that runs, with [PluvoException.Aborted], and gives connections back. Calls that are made later
     * fail the same way.
     */
    override fun close(): Unit = core.close()

    /** What the client is, without secrets. */
    override fun toString(): String = try {
        core.native { core.session.describe() }
    } catch (_: PluvoException) {
        "Pluvo(closed)"
    }

    public companion object {
        private const val QUERY = "query"

        /**
         * A client for servers, with client credentials of the organisation.
         *
         * Never in an app or anywhere else that is handed out: whoever has the program has the secret, and with it the
         * whole organisation. There, use the constructor that takes a token provider.
         *
         * @param organization The organisation: `acme`, `learn.example.com` or a URL.
         * @param scopes What the token is asked to be good for; where nothing is said, all that the credentials have.
         * @throws PluvoException.Config where a setting is wrong.
         */
        public fun forServer(
            organization: String,
            clientId: String,
            clientSecret: String,
            scopes: List<String>? = null,
            settings: Settings = Settings(),
            attempts: AttemptListener? = null,
        ): Pluvo = Pluvo(
            open(settings, attempts) {
                put("organization", JsonPrimitive(organization))
                put("clientId", JsonPrimitive(clientId))
                put("clientSecret", JsonPrimitive(clientSecret))
                if (scopes != null) put("scopes", json.encodeToJsonElement(scopes))
            },
        )

        /**
         * A client with a token that does not change, for scripts and tests. Where the server refuses it, calls fail
         * with [PluvoException.Auth].
         *
         * @throws PluvoException.Config where a setting is wrong.
         */
        public fun withToken(
            organization: String,
            token: AccessToken,
            settings: Settings = Settings(),
            attempts: AttemptListener? = null,
        ): Pluvo = Pluvo(
            open(settings, attempts) {
                put("organization", JsonPrimitive(organization))
                put("token", JsonPrimitive(token.value))
            },
        )

        /**
         * A client for servers that is set up by the environment: `PLUVO_ORGANIZATION` or `PLUVO_BASE_URL`, and
         * `PLUVO_CLIENT_ID` with `PLUVO_CLIENT_SECRET`, or `PLUVO_ACCESS_TOKEN`; also `PLUVO_SCOPES`.
         *
         * @throws PluvoException.Config where something is missing.
         */
        public fun fromEnvironment(settings: Settings = Settings(), attempts: AttemptListener? = null): Pluvo =
            Pluvo(open(settings, attempts) { put("environment", JsonPrimitive(true)) })

        /** For tests: with further settings of the core, and a clock that is held. */
        internal fun open(
            settings: Settings = Settings(),
            attempts: AttemptListener? = null,
            provider: TokenProvider? = null,
            clock: TestClock? = null,
            more: MutableMap<String, JsonElement>.() -> Unit,
        ): Core {
            val all = json.encodeToJsonElement(settings).jsonObject.toMutableMap().apply(more)
            return loaded {
                val session =
                    Session.open(
                        JsonObject(all).toString(),
                        provider?.let(::ProviderAdapter),
                        attempts?.let(::AttemptAdapter),
                        settings.trust?.let(::TrustAdapter),
                        clock,
                    )
                Core(session)
            }
        }

        internal fun of(core: Core): Pluvo = Pluvo(core)
    }
}

/**
 * Data with the errors that stand beside it.
 *
 * @property data The data, as far as there is any.
 * @property errors What the server could not give.
 */
@Serializable
public data class Partial<T>(public val data: T? = null, public val errors: List<GraphqlError> = emptyList())

private fun queryRequest(
    document: String,
    variables: Map<String, Any?>,
    operationName: String?,
    repeatable: Boolean?,
    partial: Boolean,
): String = Core.request(
    buildJsonObject {
        put("document", JsonPrimitive(document))
        put("variables", variable(variables))
        operationName?.let { put("operationName", JsonPrimitive(it)) }
        repeatable?.let { put("repeatable", JsonPrimitive(it)) }
        if (partial) put("partial", JsonPrimitive(true))
    },
)
