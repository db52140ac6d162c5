WITH their_appointments AS (
  SELECT
    CAST("APPOINTMENT_ID" AS VARCHAR) AS appointment_id,
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("BOOKED_AT" AS TIMESTAMPNTZ) AS booked_at,
    CAST("HELD_AT" AS TIMESTAMPNTZ) AS held_at,
    CAST("STATUS" AS VARCHAR) AS status,
    CAST("QUALIFIED" AS BOOLEAN) AS qualified,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."APPOINTMENTS"
), their_asset_uses AS (
  SELECT
    CAST("ASSET_ID" AS VARCHAR) AS asset_id,
    CAST("USED_AT" AS TIMESTAMPNTZ) AS used_at,
    CAST("USED_BY" AS VARCHAR) AS used_by,
    CAST("CONTEXT" AS VARCHAR) AS context,
    "RATING" AS rating,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CONTENT"."USES"
), their_assets AS (
  SELECT
    CAST("ASSET_ID" AS VARCHAR) AS asset_id,
    CAST("PUBLISHED_AT" AS TIMESTAMPNTZ) AS published_at,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("KIND" AS VARCHAR) AS kind,
    CAST("TITLE" AS VARCHAR) AS title,
    "COST" AS cost,
    CAST("CURRENCY" AS VARCHAR) AS currency,
    CAST("BRIEF_ID" AS VARCHAR) AS brief_id,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CONTENT"."ASSETS"
), their_campaigns AS (
  SELECT
    CAST(NULL AS VARCHAR) AS campaign_id,
    CAST(NULL AS TIMESTAMPNTZ) AS sent_at,
    CAST(NULL AS BIGINT) AS recipients,
    CAST(NULL AS BIGINT) AS delivered,
    CAST(NULL AS BIGINT) AS unique_opens,
    CAST(NULL AS BIGINT) AS unique_clicks,
    CAST(NULL AS BIGINT) AS unsubscribes,
    CAST(NULL AS DOUBLE) AS open_rate,
    CAST(NULL AS DOUBLE) AS click_rate,
    CAST(NULL AS VARCHAR) AS workflow,
    CAST(NULL AS VARCHAR) AS variant,
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
    CAST(NULL AS VARCHAR) AS click_id,
    CAST(NULL AS TIMESTAMPNTZ) AS clicked_at,
    CAST(NULL AS VARCHAR) AS lead_id,
    CAST(NULL AS VARCHAR) AS workflow,
    CAST(NULL AS VARCHAR) AS channel,
    CAST(NULL AS VARCHAR) AS campaign,
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
    CAST(NULL AS VARCHAR) AS conversation_id,
    CAST(NULL AS TIMESTAMPNTZ) AS held_at,
    CAST(NULL AS VARCHAR) AS account,
    CAST(NULL AS VARCHAR) AS text,
    CAST(NULL AS VARCHAR) AS workflow,
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
    CAST("ID" AS VARCHAR) AS deal_id,
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("CLOSED_AT" AS TIMESTAMPNTZ) AS closed_at,
    CAST("STAGE" AS VARCHAR) AS stage,
    "VALUE" AS amount,
    CAST("CURRENCY" AS VARCHAR) AS currency,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."OPPORTUNITIES"
), their_emails AS (
  SELECT
    CAST("MESSAGE_ID" AS VARCHAR) AS message_id,
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("SENT_AT" AS TIMESTAMPNTZ) AS sent_at,
    CAST("DELIVERED_AT" AS TIMESTAMPNTZ) AS delivered_at,
    CAST("OPENED_AT" AS TIMESTAMPNTZ) AS opened_at,
    CAST("CLICKED_AT" AS TIMESTAMPNTZ) AS clicked_at,
    CAST("MACHINE_OPEN" AS BOOLEAN) AS machine_open,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("VARIANT" AS VARCHAR) AS variant,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "MAIL"."MESSAGES"
), their_leads AS (
  SELECT
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST("REGION" AS VARCHAR) AS region,
    CAST("SEGMENT" AS VARCHAR) AS segment,
    CAST("OWNER" AS VARCHAR) AS owner,
    "SCORE" AS score,
    CAST("FIRST_RESPONSE_AT" AS TIMESTAMPNTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."LEADS"
), their_reviews AS (
  SELECT
    CAST(NULL AS VARCHAR) AS item_id,
    CAST(NULL AS TIMESTAMPNTZ) AS reviewed_at,
    CAST(NULL AS VARCHAR) AS reviewer,
    CAST(NULL AS VARCHAR) AS dimension,
    CAST(NULL AS DOUBLE) AS score,
    CAST(NULL AS BOOLEAN) AS passed,
    CAST(NULL AS VARCHAR) AS workflow,
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
