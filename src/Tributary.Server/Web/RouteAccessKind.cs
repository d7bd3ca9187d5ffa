namespace Tributary.Server.Web;

/// <summary>What a route asks for before it answers.</summary>
internal enum RouteAccessKind
{
    /// <summary>Nothing.</summary>
    Public,

    /// <summary>A secret that is part of the address: it opens one object and nothing else.</summary>
    Secret,

    /// <summary>An API key.</summary>
    ApiKey,

    /// <summary>A member of the team who is signed in and may do this.</summary>
    Member,
}
