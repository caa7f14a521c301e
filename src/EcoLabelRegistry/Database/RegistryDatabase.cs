using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Reference;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Database;

/// <summary>The registry as services: its database, the view of it that answers, the log that writes it.</summary>
public static class RegistryDatabase
{
    /// <summary>Registers them. Nothing is opened yet.</summary>
    public static WebApplicationBuilder AddRegistry(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => Engines.Open(provider.GetRequiredService<RegistryOptions>().Database));
        services.AddSingleton<Registries>();
        services.AddSingleton<ChangeLog>();
        services.AddTransient<LoadReference>();
        services.AddHostedService<OpenRegistry>();
        services.AddSingleton<CurrentRevision>(provider => provider.GetRequiredService<Registries>().NewestAsync);
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        return builder;
    }
}
