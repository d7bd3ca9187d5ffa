using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Users;

/// <summary>What a user calls themselves, for those who list users.</summary>
internal sealed record UserProfile(string? Name, string? ImageUrl)
{
    public const int NameMax = 200;
    public const int UrlMax = 2000;

    public static UserProfile None { get; } = new(null, null);

    public static async ValueTask<UserProfile> FindAsync(ISqlTransaction transaction, string userId, CancellationToken cancellationToken) => await transaction.FirstOrDefaultAsync(
        "SELECT name, image_url FROM greenfield_profiles WHERE user_id = @user",
        new SqlArguments { { "user", userId } },
        static UserProfile? (row) => new UserProfile(row.TextOrNull(0), row.TextOrNull(1)),
        cancellationToken) ?? None;

    public async ValueTask WriteAsync(ISqlTransaction transaction, string userId, CancellationToken cancellationToken) => await transaction.ExecuteOneAsync(
        """
        INSERT INTO greenfield_profiles (user_id, name, image_url) VALUES (@user, @name, @url)
        ON CONFLICT (user_id) DO UPDATE SET name = @name, image_url = @url
        """,
        new SqlArguments { { "user", userId }, { "name", Name }, { "url", ImageUrl } },
        cancellationToken);
}
