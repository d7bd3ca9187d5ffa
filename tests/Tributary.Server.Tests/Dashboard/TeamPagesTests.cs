using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>The team: there is always an owner, and what members do is kept.</summary>
public sealed partial class TeamPagesTests : IAsyncLifetime
{
    private const string Page = "/dashboard/team";
    private readonly RunningServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Two_owners_who_remove_each_other_at_the_same_moment_leave_one()
    {
        for (var round = 0; round < 5; round++)
        {
            using var ann = await _server.SignInAsync(MemberRole.Owner);
            using var ben = await _server.SignInAsync(MemberRole.Owner);
            var (annId, benId) = (await IdAsync(ann), await IdAsync(ben));
            await LeaveOnlyAsync(annId, benId);
            var (one, other) = (ann.PostAsync(Page, $"{Page}/{benId}/remove"), ben.PostAsync(Page, $"{Page}/{annId}/role", ("role", "Viewer")));
            await Task.WhenAll(one, other);
            Assert.Equal(1, await OwnersAsync());
        }
    }

    [Fact]
    public async Task An_invitation_is_listed_and_taken_back()
    {
        using var owner = await _server.SignInAsync(MemberRole.Owner);
        var made = await owner.PostAsync(Page, Page + "/invite", ("email", "new@shop.example"), ("role", "Analyst"));
        var link = new Uri(Browser.Between(made.Text, "<p class=\"hash\">", "</p>")).AbsolutePath;
        Assert.Contains("Invited, not here yet", made.Text, StringComparison.Ordinal);
        var name = Browser.Between(made.Text, "name=\"name\" value=\"", "\"");
        Assert.DoesNotContain(name, link, StringComparison.Ordinal);
        Assert.Equal(Page, (await owner.PostAsync(Page, Page + "/revoke", ("name", name))).Location);
        using var stranger = new Browser(_server.Address);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(link)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.PostAsync(Page, Page + "/revoke", ("name", name))).Status);
    }

    [Fact]
    public async Task What_members_do_is_kept_with_who_and_when_and_never_a_secret()
    {
        using var owner = await _server.SignInAsync(MemberRole.Owner);
        using var manager = await _server.SignInAsync(MemberRole.Manager);
        var secret = SecretKey().Match((await manager.PostAsync("/dashboard/keys", "/dashboard/keys", ("name", "robot"), ("kind", "Secret"))).Text).Value;
        await manager.PostAsync("/dashboard/balance", "/dashboard/balance/stop", ("reason", "a drill"));
        await owner.PostAsync(Page, $"{Page}/{await IdAsync(manager)}/role", ("role", "Viewer"));
        var activity = (await owner.GetAsync("/dashboard/activity")).Text;
        foreach (var part in (string[])["Made a secret key (test)", "robot", "Stopped outgoing money (test)", "a drill", "Changed a role (test)", "Manager to Viewer"])
            Assert.Contains(part, activity, StringComparison.Ordinal);
        Assert.True(secret.Length > 20);
        Assert.DoesNotContain(secret, activity, StringComparison.Ordinal);
    }

    private async Task<string> IdAsync(Browser member)
    {
        var email = Browser.Between((await member.GetAsync("/dashboard/account")).Text, "href=\"/dashboard/account\" aria-current=\"page\">", "<");
        var rows = _server.Services.GetRequiredService<MemberRows>();
        return (await _server.Services.GetRequiredService<IDatabase>().ReadAsync(
            (transaction, token) => rows.FindByEmailAsync(transaction, email.ToUpperInvariant(), token), TestContext.Current.CancellationToken))!.Id;
    }

    private async Task LeaveOnlyAsync(params string[] ids) => await _server.Services.GetRequiredService<IDatabase>().WriteAsync(
        (transaction, token) => transaction.ExecuteAsync(
            "UPDATE members SET role = 'Viewer' WHERE id <> @a AND id <> @b", new SqlArguments { { "a", ids[0] }, { "b", ids[1] } }, token),
        TestContext.Current.CancellationToken);

    private async Task<long> OwnersAsync() => await _server.Services.GetRequiredService<IDatabase>().ReadAsync(
        (transaction, token) => transaction.FirstOrDefaultAsync("SELECT COUNT(*) FROM members WHERE role = 'Owner'", SqlArguments.None, static row => row.Integer(0), token),
        TestContext.Current.CancellationToken);

    [GeneratedRegex("sk_test_[A-Za-z0-9]+")]
    private static partial Regex SecretKey();
}
