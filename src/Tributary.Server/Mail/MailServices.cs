namespace Tributary.Server.Mail;

/// <summary>Mail in the server.</summary>
internal static class MailServices
{
    public static void AddMail(this IServiceCollection services)
    {
        services.AddSingleton<MailQueue>();
        services.AddSingleton<MailEvents>();
        services.AddHostedService<MailWorker>();
    }
}
