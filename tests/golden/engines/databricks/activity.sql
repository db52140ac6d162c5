WITH their_appointments AS (
  SELECT
    CAST(`appointment_id` AS STRING) AS appointment_id,
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`booked_at` AS TIMESTAMP_NTZ) AS booked_at,
    CAST(`held_at` AS TIMESTAMP_NTZ) AS held_at,
    CAST(`status` AS STRING) AS status,
    CAST(`qualified` AS BOOLEAN) AS qualified,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `crm`.`appointments`
), their_asset_uses AS (
  SELECT
    CAST(`asset_id` AS STRING) AS asset_id,
    CAST(`used_at` AS TIMESTAMP_NTZ) AS used_at,
    CAST(`used_by` AS STRING) AS used_by,
    CAST(`context` AS STRING) AS context,
    `rating` AS rating,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `content`.`uses`
), their_assets AS (
  SELECT
    CAST(`asset_id` AS STRING) AS asset_id,
    CAST(`published_at` AS TIMESTAMP_NTZ) AS published_at,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`kind` AS STRING) AS kind,
    CAST(`title` AS STRING) AS title,
    `cost` AS cost,
    CAST(`currency` AS STRING) AS currency,
    CAST(`brief_id` AS STRING) AS brief_id,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `content`.`assets`
), their_campaigns AS (
  SELECT
    CAST(NULL AS STRING) AS campaign_id,
    CAST(NULL AS TIMESTAMP_NTZ) AS sent_at,
    CAST(NULL AS BIGINT) AS recipients,
    CAST(NULL AS BIGINT) AS delivered,
    CAST(NULL AS BIGINT) AS unique_opens,
    CAST(NULL AS BIGINT) AS unique_clicks,
    CAST(NULL AS BIGINT) AS unsubscribes,
    CAST(NULL AS DOUBLE) AS open_rate,
    CAST(NULL AS DOUBLE) AS click_rate,
    CAST(NULL AS STRING) AS workflow,
    CAST(NULL AS STRING) AS variant,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM (
    SELECT
      1 AS one
  ) AS nothing
  WHERE
    FALSE
), their_clicks AS (
  SELECT
    CAST(NULL AS STRING) AS click_id,
    CAST(NULL AS TIMESTAMP_NTZ) AS clicked_at,
    CAST(NULL AS STRING) AS lead_id,
    CAST(NULL AS STRING) AS workflow,
    CAST(NULL AS STRING) AS channel,
    CAST(NULL AS STRING) AS campaign,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM (
    SELECT
      1 AS one
  ) AS nothing
  WHERE
    FALSE
), their_conversations AS (
  SELECT
    CAST(NULL AS STRING) AS conversation_id,
    CAST(NULL AS TIMESTAMP_NTZ) AS held_at,
    CAST(NULL AS STRING) AS account,
    CAST(NULL AS STRING) AS text,
    CAST(NULL AS STRING) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM (
    SELECT
      1 AS one
  ) AS nothing
  WHERE
    FALSE
), their_deals AS (
  SELECT
    CAST(`id` AS STRING) AS deal_id,
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`created_at` AS TIMESTAMP_NTZ) AS created_at,
    CAST(`closed_at` AS TIMESTAMP_NTZ) AS closed_at,
    CAST(`stage` AS STRING) AS stage,
    `value` AS amount,
    CAST(`currency` AS STRING) AS currency,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`channel` AS STRING) AS channel,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `crm`.`opportunities`
), their_emails AS (
  SELECT
    CAST(`message_id` AS STRING) AS message_id,
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`sent_at` AS TIMESTAMP_NTZ) AS sent_at,
    CAST(`delivered_at` AS TIMESTAMP_NTZ) AS delivered_at,
    CAST(`opened_at` AS TIMESTAMP_NTZ) AS opened_at,
    CAST(`clicked_at` AS TIMESTAMP_NTZ) AS clicked_at,
    CAST(`machine_open` AS BOOLEAN) AS machine_open,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`variant` AS STRING) AS variant,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `mail`.`messages`
), their_leads AS (
  SELECT
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`created_at` AS TIMESTAMP_NTZ) AS created_at,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`channel` AS STRING) AS channel,
    CAST(`region` AS STRING) AS region,
    CAST(`segment` AS STRING) AS segment,
    CAST(`owner` AS STRING) AS owner,
    `score` AS score,
    CAST(`first_response_at` AS TIMESTAMP_NTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `crm`.`leads`
), their_reviews AS (
  SELECT
    CAST(NULL AS STRING) AS item_id,
    CAST(NULL AS TIMESTAMP_NTZ) AS reviewed_at,
    CAST(NULL AS STRING) AS reviewer,
    CAST(NULL AS STRING) AS dimension,
    CAST(NULL AS DOUBLE) AS score,
    CAST(NULL AS BOOLEAN) AS passed,
    CAST(NULL AS STRING) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM (
    SELECT
      1 AS one
  ) AS nothing
  WHERE
    FALSE
), facts_appointments AS (
  SELECT
    appointment_id,
    lead_id,
    booked_at AS booked_at,
    held_at AS held_at,
    status,
    qualified,
    workflow,
    import_id,
    line
  FROM their_appointments AS current_appointments
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.appointment_id,
    fact.lead_id,
    fact.booked_at AS booked_at,
    fact.held_at AS held_at,
    fact.status,
    fact.qualified,
    origin.workflow,
    fact.import_id,
    fact.line
  FROM their_appointments AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), facts_asset_uses AS (
  SELECT
    asset_id,
    used_at AS used_at,
    used_by,
    context,
    rating,
    workflow,
    import_id,
    line
  FROM their_asset_uses AS current_asset_uses
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.asset_id,
    fact.used_at AS used_at,
    fact.used_by,
    fact.context,
    fact.rating,
    origin.workflow,
    fact.import_id,
    fact.line
  FROM their_asset_uses AS fact
  LEFT JOIN their_assets AS origin
    ON fact.asset_id = origin.asset_id
  WHERE
    fact.workflow IS NULL
), facts_assets AS (
  SELECT
    asset_id,
    published_at AS published_at,
    workflow,
    kind,
    title,
    cost,
    currency,
    brief_id,
    import_id,
    line
  FROM their_assets AS current_assets
), facts_campaigns AS (
  SELECT
    campaign_id,
    sent_at AS sent_at,
    recipients,
    delivered,
    unique_opens,
    unique_clicks,
    unsubscribes,
    open_rate,
    click_rate,
    workflow,
    variant,
    import_id,
    line
  FROM their_campaigns AS current_campaigns
), facts_clicks AS (
  SELECT
    click_id,
    clicked_at AS clicked_at,
    lead_id,
    workflow,
    channel,
    campaign,
    import_id,
    line
  FROM their_clicks AS current_clicks
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.click_id,
    fact.clicked_at AS clicked_at,
    fact.lead_id,
    origin.workflow,
    fact.channel,
    fact.campaign,
    fact.import_id,
    fact.line
  FROM their_clicks AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), facts_conversations AS (
  SELECT
    conversation_id,
    held_at AS held_at,
    account,
    text,
    workflow,
    import_id,
    line
  FROM their_conversations AS current_conversations
), facts_deals AS (
  SELECT
    deal_id,
    lead_id,
    created_at AS created_at,
    closed_at AS closed_at,
    stage,
    amount,
    currency,
    workflow,
    channel,
    import_id,
    line
  FROM their_deals AS current_deals
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.deal_id,
    fact.lead_id,
    fact.created_at AS created_at,
    fact.closed_at AS closed_at,
    fact.stage,
    fact.amount,
    fact.currency,
    origin.workflow,
    fact.channel,
    fact.import_id,
    fact.line
  FROM their_deals AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), facts_emails AS (
  SELECT
    message_id,
    lead_id,
    sent_at AS sent_at,
    delivered_at AS delivered_at,
    opened_at AS opened_at,
    clicked_at AS clicked_at,
    machine_open,
    workflow,
    variant,
    import_id,
    line
  FROM their_emails AS current_emails
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.message_id,
    fact.lead_id,
    fact.sent_at AS sent_at,
    fact.delivered_at AS delivered_at,
    fact.opened_at AS opened_at,
    fact.clicked_at AS clicked_at,
    fact.machine_open,
    origin.workflow,
    fact.variant,
    fact.import_id,
    fact.line
  FROM their_emails AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), facts_leads AS (
  SELECT
    lead_id,
    created_at AS created_at,
    workflow,
    channel,
    region,
    segment,
    owner,
    score,
    first_response_at AS first_response_at,
    import_id,
    line
  FROM their_leads AS current_leads
), facts_reviews AS (
  SELECT
    item_id,
    reviewed_at AS reviewed_at,
    reviewer,
    dimension,
    score,
    passed,
    workflow,
    import_id,
    line
  FROM their_reviews AS current_reviews
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.item_id,
    fact.reviewed_at AS reviewed_at,
    fact.reviewer,
    fact.dimension,
    fact.score,
    fact.passed,
    origin.workflow,
    fact.import_id,
    fact.line
  FROM their_reviews AS fact
  LEFT JOIN their_assets AS origin
    ON fact.item_id = origin.asset_id
  WHERE
    fact.workflow IS NULL
), moments AS (
  SELECT
    'leads' AS source,
    workflow,
    CAST(created_at AS DATE) AS day
  FROM facts_leads AS leads
  WHERE
    NOT created_at IS NULL
  UNION ALL
  SELECT
    'appointments' AS source,
    workflow,
    CAST(booked_at AS DATE) AS day
  FROM facts_appointments AS appointments
  WHERE
    NOT booked_at IS NULL
  UNION ALL
  SELECT
    'appointments' AS source,
    workflow,
    CAST(held_at AS DATE) AS day
  FROM facts_appointments AS appointments
  WHERE
    NOT held_at IS NULL
  UNION ALL
  SELECT
    'deals' AS source,
    workflow,
    CAST(created_at AS DATE) AS day
  FROM facts_deals AS deals
  WHERE
    NOT created_at IS NULL
  UNION ALL
  SELECT
    'deals' AS source,
    workflow,
    CAST(closed_at AS DATE) AS day
  FROM facts_deals AS deals
  WHERE
    NOT closed_at IS NULL
  UNION ALL
  SELECT
    'emails' AS source,
    workflow,
    CAST(sent_at AS DATE) AS day
  FROM facts_emails AS emails
  WHERE
    NOT sent_at IS NULL
  UNION ALL
  SELECT
    'emails' AS source,
    workflow,
    CAST(opened_at AS DATE) AS day
  FROM facts_emails AS emails
  WHERE
    NOT opened_at IS NULL
  UNION ALL
  SELECT
    'emails' AS source,
    workflow,
    CAST(clicked_at AS DATE) AS day
  FROM facts_emails AS emails
  WHERE
    NOT clicked_at IS NULL
  UNION ALL
  SELECT
    'campaigns' AS source,
    workflow,
    CAST(sent_at AS DATE) AS day
  FROM facts_campaigns AS campaigns
  WHERE
    NOT sent_at IS NULL
  UNION ALL
  SELECT
    'assets' AS source,
    workflow,
    CAST(published_at AS DATE) AS day
  FROM facts_assets AS assets
  WHERE
    NOT published_at IS NULL
  UNION ALL
  SELECT
    'asset_uses' AS source,
    workflow,
    CAST(used_at AS DATE) AS day
  FROM facts_asset_uses AS asset_uses
  WHERE
    NOT used_at IS NULL
  UNION ALL
  SELECT
    'reviews' AS source,
    workflow,
    CAST(reviewed_at AS DATE) AS day
  FROM facts_reviews AS reviews
  WHERE
    NOT reviewed_at IS NULL
  UNION ALL
  SELECT
    'conversations' AS source,
    workflow,
    CAST(held_at AS DATE) AS day
  FROM facts_conversations AS conversations
  WHERE
    NOT held_at IS NULL
  UNION ALL
  SELECT
    'clicks' AS source,
    workflow,
    CAST(clicked_at AS DATE) AS day
  FROM facts_clicks AS clicks
  WHERE
    NOT clicked_at IS NULL
)
SELECT
  source,
  workflow,
  day,
  COUNT(*) AS events
FROM moments
WHERE
  day <= CAST('2024-06-30' AS DATE)
GROUP BY
  1,
  2,
  3
