import Pluvo

let pluvo = try Pluvo.fromEnvironment()
for try await user in pluvo.users.list(archived: false) {
  print(user.name ?? "")
}
