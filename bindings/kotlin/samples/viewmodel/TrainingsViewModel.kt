// An Android view model over the library, compiled with the tests so that it stays right. `ViewModel` and its scope
// stand in for androidx.lifecycle's, which have the same shape.
package viewmodel

import io.github.pluvosdk.AccessToken
import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.PluvoException
import io.github.pluvosdk.model.TrainingListItem
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlin.time.Duration.Companion.seconds

/** The app's own back end, which knows who is signed in and gets tokens from Pluvo. */
interface Backend {
    suspend fun pluvoToken(): Token

    class Token(val value: String, val secondsLeft: Int)
}

sealed interface Screen {
    data class Loading(val trainings: List<TrainingListItem>, val of: Long?) : Screen

    data class Ready(val trainings: List<TrainingListItem>) : Screen

    data object Offline : Screen

    data class Failed(val message: String?) : Screen
}

abstract class ViewModel {
    protected val viewModelScope: CoroutineScope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    open fun onCleared(): Unit = viewModelScope.cancel()
}

/** One for the app: it is cheap to share and dear to make often. */
fun pluvo(backend: Backend): Pluvo = Pluvo(organization = "acme", token = {
    val token = backend.pluvoToken()
    AccessToken(token.value, expiresIn = token.secondsLeft.seconds)
})

class TrainingsViewModel(private val pluvo: Pluvo) : ViewModel() {
    private val screens = MutableStateFlow<Screen>(Screen.Loading(emptyList(), null))
    private var loading: Job? = null
    val screen: StateFlow<Screen> = screens.asStateFlow()

    /** Begins anew. What was being read for the search before is given up, at the server too. */
    fun search(text: String) {
        loading?.cancel()
        loading = viewModelScope.launch { load(text) }
    }

    private suspend fun load(text: String) {
        var trainings = emptyList<TrainingListItem>()
        try {
            pluvo.trainings.list(q = text, archived = false).pages().collect { page ->
                trainings = trainings + page.items
                screens.value = Screen.Loading(trainings, page.count)
            }
            screens.value = Screen.Ready(trainings)
        } catch (_: PluvoException.Network) {
            screens.value = Screen.Offline
        } catch (e: PluvoException) {
            screens.value = Screen.Failed(e.message)
        }
    }
}
