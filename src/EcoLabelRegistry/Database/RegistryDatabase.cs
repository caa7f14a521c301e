using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Reference;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Subscriptions;
using MediatR;

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
        services.AddSingleton<Snapshots>();
        services.AddSingleton<ChangeLog>();
        services.Insert(0, ServiceDescriptor.Transient(typeof(IPipelineBehavior<,>), typeof(OwnershipBehavior<,>))); // before validation
        services.AddTransient<LoadReference>();
        services.AddTransient<ForeseeAct>();
        services.AddSingleton<FindCaller>();
        services.AddSingleton<IdentityProvider>();
        services.AddSingleton<RegistrarKey>();
        services.AddHostedService<OpenRegistry>();
        services.AddSingleton<FilingLimit>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddSingleton<NewRevisions>();
        services.AddSingleton<ResolveHost>(System.Net.Dns.GetHostAddressesAsync);
        services.AddSingleton<PublicAddresses>();
        services.AddSingleton<SendDelivery>();
        services.AddHostedService<DeliverChanges>();
        services.AddHostedService<FollowLog>();
        services.AddSingleton<CurrentRevision>(provider => provider.GetRequiredService<Registries>().AtLeastAsync);
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database").AddCheck<SnapshotHealth>("snapshot");
        return builder;
    }
}
