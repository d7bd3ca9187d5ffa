using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Tributary.Server.Tests.Greenfield.Users;

/// <summary>Users, and users in stores, over HTTP.</summary>
public sealed class UserRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Password = "correct horse battery";

    private GreenfieldClient Client => server.Operator();

    [Fact]
    public async Task A_user_is_made_with_201_and_owns_a_store_of_their_own_and_nothing_else()
    {
        var made = await Client.PostAsync("/users", $$"""{"email":"ada@shop.example","password":"{{Password}}","isAdministrator":false,"name":"Ada"}""");
        Assert.Equal((HttpStatusCode.Created, "ada@shop.example", "Ada", false, 0), (made.Status, made.Text("email"), made.Text("name"), made.At("disabled").GetBoolean(), made.At("roles").GetArrayLength()));
        var ada = new GreenfieldClient(server.Client, null);
        var basic = Basic("ada@shop.example", Password);
        var stores = await ada.SendAsync(HttpMethod.Get, "/stores", null, basic);
        Assert.Equal(["Store of ada@shop.example"], stores.Body.EnumerateArray().Select(static store => store.GetProperty("name").GetString()!), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.SendAsync(HttpMethod.Get, "/stores/store_main/invoices", null, basic)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.SendAsync(HttpMethod.Get, "/users", null, basic)).Status);
        var own = stores.Body[0].GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await ada.SendAsync(HttpMethod.Post, $"/stores/{own}/invoices", """{"amount":"1","currency":"EUR"}""", basic)).Status);

        var twice = await Client.PostAsync("/users", $$"""{"email":"Ada@shop.example","password":"{{Password}}"}""");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "email"), (twice.Status, twice.Paths.Single()));
        Assert.Equal("password", (await Client.PostAsync("/users", """{"email":"weak@shop.example","password":"short"}""")).Paths[0]);
        Assert.Equal("email", (await Client.PostAsync("/users", """{"email":"no address"}""")).Paths.Single());
    }

    [Fact]
    public async Task A_user_without_a_password_gets_a_link_to_choose_one()
    {
        var made = await Client.PostAsync("/users", """{"email":"invited@shop.example"}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        using var page = await server.Client.GetAsync(new Uri(made.Text("invitationUrl")).PathAndQuery, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task An_administrator_is_made_by_an_unrestricted_key_alone_and_takes_the_server_over_with_it()
    {
        var key = (await Client.PostAsync("/api-keys", """{"label":"narrow","permissions":["btcpay.server.cancreateuser"]}""")).Text("apiKey");
        var refused = await new GreenfieldClient(server.Client, key).PostAsync("/users", $$"""{"email":"boss@shop.example","password":"{{Password}}","isAdministrator":true}""");
        Assert.Equal((HttpStatusCode.Forbidden, "unrestricted"), (refused.Status, refused.Text("missingPermission")));
        var made = await Client.PostAsync("/users", $$"""{"email":"boss@shop.example","password":"{{Password}}","isAdministrator":true}""");
        Assert.Equal("ServerAdmin", made.At("roles")[0].GetString());
        Assert.Equal(HttpStatusCode.OK, (await new GreenfieldClient(server.Client, null).SendAsync(HttpMethod.Get, "/users", null, Basic("boss@shop.example", Password))).Status);
    }

    [Fact]
    public async Task A_locked_user_has_no_keys_and_no_password_until_they_are_let_in_again()
    {
        var id = (await Client.PostAsync("/users", $$"""{"email":"locked@shop.example","password":"{{Password}}"}""")).Text("id");
        var key = new GreenfieldClient(server.Client, (await Client.PostAsync($"/users/{id}/api-keys", """{"permissions":["btcpay.user.canviewprofile"]}""")).Text("apiKey"));
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/users/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.PostAsync("/users/locked@shop.example/lock", """{"locked":true}""")).Status);
        Assert.True((await Client.GetAsync($"/users/{id}")).At("disabled").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await key.GetAsync("/users/me")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await key.SendAsync(HttpMethod.Get, "/users/me", null, Basic("locked@shop.example", Password))).Status);
        await Client.PostAsync($"/users/{id}/lock", """{"locked":false}""");
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/users/me")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Client.PostAsync($"/users/{id}/lock", "{}")).Status);
    }

    [Fact]
    public async Task A_user_changes_themselves_and_leaves()
    {
        await Client.PostAsync("/users", $$"""{"email":"me@shop.example","password":"{{Password}}"}""");
        var me = new GreenfieldClient(server.Client, null);
        var basic = Basic("me@shop.example", Password);
        var wrong = await me.SendAsync(HttpMethod.Put, "/users/me", """{"currentPassword":"another one","newPassword":"a much longer password"}""", basic);
        Assert.Equal("currentPassword", wrong.Paths.Single());
        var changed = await me.SendAsync(HttpMethod.Put, "/users/me", $$"""{"email":"moved@shop.example","name":"Me","imageUrl":"https://shop.example/me.png","currentPassword":"{{Password}}","newPassword":"a much longer password"}""", basic);
        Assert.Equal(("moved@shop.example", "Me", "https://shop.example/me.png"), (changed.Text("email"), changed.Text("name"), changed.Text("imageUrl")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await me.SendAsync(HttpMethod.Get, "/users/me", null, basic)).Status);
        var moved = Basic("moved@shop.example", "a much longer password");
        Assert.Equal("Me", (await me.SendAsync(HttpMethod.Get, "/users/me", null, moved)).Text("name"));
        Assert.Equal(HttpStatusCode.OK, (await me.SendAsync(HttpMethod.Delete, "/users/me", null, moved)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await me.SendAsync(HttpMethod.Get, "/users/me", null, moved)).Status);
        Assert.Equal((HttpStatusCode.NotFound, "user-not-found"), ((await Client.GetAsync("/users/moved@shop.example")).Status, (await Client.GetAsync("/users/moved@shop.example")).Code));
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.DeleteAsync("/users/me")).Status);
    }

    [Fact]
    public async Task A_store_has_users_in_roles_and_never_none_who_owns_it()
    {
        var store = (await Client.PostAsync("/stores", """{"name":"Shared"}""")).Text("id");
        var id = (await Client.PostAsync("/users", $$"""{"email":"helper@shop.example","password":"{{Password}}"}""")).Text("id");
        Assert.Equal(HttpStatusCode.OK, (await Client.PostAsync($"/stores/{store}/users", $$"""{"userId":"{{id}}","role":"Guest"}""")).Status);
        Assert.Equal((HttpStatusCode.Conflict, "duplicate-store-user-role"), await StatusAsync(Client.PostAsync($"/stores/{store}/users", $$"""{"id":"{{id}}","storeRole":"Guest"}""")));
        var listed = (await Client.GetAsync($"/stores/{store}/users")).Body.EnumerateArray().ToDictionary(static user => user.GetProperty("id").GetString()!, static user => user.GetProperty("storeRole").GetString(), StringComparer.Ordinal);
        Assert.Equal(("Owner", "Guest"), (listed["operator"], listed[id]));

        var helper = new GreenfieldClient(server.Client, null);
        var basic = Basic("helper@shop.example", Password);
        Assert.Equal(HttpStatusCode.OK, (await helper.SendAsync(HttpMethod.Get, $"/stores/{store}/invoices", null, basic)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.SendAsync(HttpMethod.Post, $"/stores/{store}/invoices", """{"amount":"1"}""", basic)).Status);
        await Client.PutAsync($"/stores/{store}/users/helper@shop.example", """{"storeRole":"Employee"}""");
        Assert.Equal(HttpStatusCode.OK, (await helper.SendAsync(HttpMethod.Post, $"/stores/{store}/invoices", """{"amount":"1"}""", basic)).Status);

        Assert.Equal((HttpStatusCode.Conflict, "store-user-role-orphaned"), await StatusAsync(Client.DeleteAsync($"/stores/{store}/users/operator")));
        Assert.Equal((HttpStatusCode.Conflict, "store-user-role-orphaned"), await StatusAsync(Client.PutAsync($"/stores/{store}/users/operator", """{"storeRole":"Guest"}""")));
        Assert.Equal(HttpStatusCode.OK, (await Client.DeleteAsync($"/stores/{store}/users/{id}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.SendAsync(HttpMethod.Get, $"/stores/{store}/invoices", null, basic)).Status);
        Assert.Equal((HttpStatusCode.NotFound, "user-not-found"), await StatusAsync(Client.DeleteAsync($"/stores/{store}/users/{id}")));
        Assert.Equal("storeRole", (await Client.PostAsync($"/stores/{store}/users", $$"""{"id":"{{id}}","storeRole":"Nobody"}""")).Paths.Single());
    }

    [Fact]
    public async Task The_roles_are_listed_with_what_they_are_granted()
    {
        var roles = await Client.GetAsync("/stores/store_main/roles");
        Assert.Equal(["Owner", "Manager", "Employee", "Guest", "Analyst"], roles.Body.EnumerateArray().Select(static role => role.GetProperty("role").GetString()!), StringComparer.Ordinal);
        Assert.Equal("btcpay.store.canmodifystoresettings", roles.Body[0].GetProperty("permissions")[0].GetString());
        Assert.Equal(roles.Raw, (await Client.GetAsync("/server/roles")).Raw);
    }

    private static async Task<(HttpStatusCode Status, string Code)> StatusAsync(Task<GreenfieldClient.Reply> asked)
    {
        var reply = await asked;
        return (reply.Status, reply.Code);
    }

    private static AuthenticationHeaderValue Basic(string email, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:{password}")));
}
